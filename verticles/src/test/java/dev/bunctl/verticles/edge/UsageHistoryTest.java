package dev.bunctl.verticles.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Accounting;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.InstanceStatus;
import dev.bunctl.bridge.message.Metrics;
import dev.bunctl.bridge.message.UsageSeries;
import dev.bunctl.bridge.message.UsageSeries.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UsageHistoryTest {
    private static final Instant START = Instant.ofEpochSecond(1_000_000);

    private final UsageHistory history = new UsageHistory();

    private static InstanceStatus running(String name, int instance, double cpu) {
        return new InstanceStatus(
                instance,
                name,
                instance,
                "default",
                OptionalLong.of(7),
                InstanceStatus.State.ONLINE,
                1,
                0,
                1,
                Optional.of(cpu),
                OptionalLong.of(1024),
                OptionalInt.empty(),
                "up",
                "",
                "");
    }

    private static Accounting throttled(String instance, long millis) {
        return new Accounting(
                instance,
                Duration.ZERO,
                1024,
                1,
                Optional.of(new Accounting.Held(
                        Duration.ofMillis(millis), OptionalLong.empty(), OptionalLong.empty(), 1.5, 0, 0)));
    }

    private void sample(int number, InstanceStatus status, Accounting usage) {
        history.add(new Metrics(START.plusSeconds(2L * number), List.of(status), List.of(usage)));
    }

    private static List<Float> values(UsageSeries series, Quantity quantity) {
        return Objects.requireNonNull(series.values().get(quantity));
    }

    @Test
    void oldestGivesWay_andTimesAndValuesStayTogether() {
        for (int i = 0; i < UsageHistory.SAMPLES + 5; i++) {
            sample(i, running("api", 0, i), throttled("api:0", 0));
        }
        Answer.UsageHistory kept = history.of(Optional.empty());
        assertEquals(UsageHistory.SAMPLES, kept.times().size());
        assertEquals(START.plusSeconds(10), kept.times().getFirst());
        List<Float> cpu = values(kept.series().getFirst(), Quantity.CPU_PERCENT);
        assertEquals(5f, cpu.getFirst());
        assertEquals(UsageHistory.SAMPLES + 4f, cpu.getLast());
    }

    @Test
    void throttling_isTheShareOfTheTimeSinceTheSampleBefore() {
        sample(0, running("api", 0, 1), throttled("api:0", 500));
        sample(1, running("api", 0, 1), throttled("api:0", 1500));
        UsageSeries series = history.of(Optional.of("api")).series().getFirst();
        assertTrue(values(series, Quantity.THROTTLED_PERCENT).getFirst().isNaN());
        assertEquals(50f, values(series, Quantity.THROTTLED_PERCENT).getLast());
    }

    @Test
    void instanceThatIsGone_isForgottenWhenNothingOfItIsLeft() {
        sample(0, running("old", 0, 1), throttled("old:0", 0));
        for (int i = 1; i <= UsageHistory.SAMPLES + 1; i++) {
            sample(i, running("api", 0, 1), throttled("api:0", 0));
        }
        assertEquals(List.of(), history.of(Optional.of("old")).series());
    }

    @Test
    void moreInstancesThanAreKept_areLeftOut() {
        List<InstanceStatus> many = IntStream.range(0, UsageHistory.MAX_INSTANCES + 10)
                .mapToObj(i -> running("api", i, 1))
                .toList();
        history.add(new Metrics(START, many, List.of()));
        assertEquals(
                UsageHistory.MAX_INSTANCES,
                history.of(Optional.empty()).series().size());
    }
}
