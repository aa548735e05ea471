package dev.bunctl.verticles.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessSampler.Usage;
import dev.bunctl.os.fake.FakeSampler;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsageMeterTest {
    private static final ProcessIdentity PROCESS = new ProcessIdentity(42, 1000);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeSampler sampler = new FakeSampler();
    private final UsageMeter meter = new UsageMeter(sampler);

    private double percentAt(long millis, long cpuMillis) {
        sampler.set(PROCESS, new Usage(cpuMillis * 1_000_000, 7, 1));
        Map<ProcessIdentity, UsageMeter.Reading> readings =
                meter.measure(Map.of(PROCESS, START), List.of(PROCESS), START.plusMillis(millis));
        UsageMeter.Reading reading = readings.get(PROCESS);
        return reading == null ? -1 : reading.cpuPercent();
    }

    @Test
    void firstSample_isTheAverageSinceTheStart() {
        assertEquals(25.0, percentAt(2000, 500));
    }

    @Test
    void laterSample_isTheShareSinceTheOneBefore() {
        assertEquals(25.0, percentAt(2000, 500));
        assertEquals(100.0, percentAt(3000, 1500));
        assertEquals(0.0, percentAt(4000, 1500));
    }

    @Test
    void sampleSoonAfterAnother_leavesTheEarlierOneInPlace() {
        assertEquals(0.0, percentAt(10_000, 0));
        assertEquals(50.0, percentAt(10_200, 100));
        assertEquals(50.0, percentAt(10_400, 200));
        assertEquals(50.0, percentAt(11_000, 500));
    }

    @Test
    void timeThatGoesBack_orTreeThatShrank_isNotNegative() {
        assertEquals(0.0, percentAt(-5, 10));
        assertEquals(10.0, percentAt(1000, 100), 20);
        assertEquals(0.0, percentAt(3000, 0));
    }

    @Test
    void processThatIsGone_hasNoReadingAndIsForgotten() {
        assertEquals(25.0, percentAt(2000, 500));
        sampler.remove(PROCESS);
        assertTrue(meter.measure(Map.of(PROCESS, START), List.of(), START.plusMillis(3000))
                .isEmpty());
        assertEquals(25.0, percentAt(4000, 1000), "from the start again");
    }
}
