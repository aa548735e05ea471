package dev.bunctl.verticles.log.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bunctl.conf.LogPolicy.Rotation;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RotationTimesTest {
    private static final ZoneId VIENNA = ZoneId.of("Europe/Vienna");
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private static Rotation policy(Optional<Duration> every, Optional<String> cron) {
        return new Rotation(1 << 20, every, cron, 10, Optional.empty(), 1 << 30, false);
    }

    private static Optional<Instant> next(Optional<Duration> every, Optional<String> cron, Optional<Instant> written) {
        return RotationTimes.next(policy(every, cron), NOW, written, VIENNA);
    }

    @Test
    void policyWithoutTimes_hasNone() {
        assertEquals(Optional.empty(), next(Optional.empty(), Optional.empty(), Optional.of(NOW)));
    }

    @Test
    void cron_isReadInTheZoneOfTheHost() {
        assertEquals(
                Optional.of(Instant.parse("2026-02-01T03:30:00Z")),
                next(Optional.empty(), Optional.of("30 4 * * *"), Optional.of(NOW)));
    }

    @Test
    void cron_mayHaveSeconds() {
        assertEquals(
                Optional.of(NOW.plusSeconds(20)),
                next(Optional.empty(), Optional.of("*/20 * * * * *"), Optional.of(NOW)));
    }

    @Test
    void timeThatWasMissed_isNow_unlessTheLogIsEmptyOrNewer() {
        Optional<String> at4 = Optional.of("0 4 * * *");
        Instant tomorrow = Instant.parse("2026-02-01T03:00:00Z");
        assertEquals(Optional.of(NOW), next(Optional.empty(), at4, Optional.of(NOW.minus(Duration.ofDays(1)))));
        assertEquals(Optional.of(tomorrow), next(Optional.empty(), at4, Optional.of(NOW.minus(Duration.ofHours(1)))));
        assertEquals(Optional.of(tomorrow), next(Optional.empty(), at4, Optional.empty()));
    }

    @Test
    void ofPeriodAndCron_theEarlierCounts() {
        assertEquals(
                Optional.of(NOW.plusSeconds(3600)),
                next(Optional.of(Duration.ofHours(1)), Optional.of("0 4 * * *"), Optional.of(NOW)));
        assertEquals(
                Optional.of(NOW.plusSeconds(1800)),
                next(Optional.of(Duration.ofHours(1)), Optional.of("30 * * * *"), Optional.of(NOW)));
    }

    @Test
    void expressionThatIsNone_isRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> next(Optional.empty(), Optional.of("every day"), Optional.of(NOW)));
    }
}
