package dev.bunctl.verticles.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.InstanceStatus.State;
import dev.bunctl.conf.CronRestart;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.conf.StopPolicy;
import dev.bunctl.os.api.Signal;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.lifecycle.Desired;
import dev.bunctl.verticles.lifecycle.Specs;
import dev.bunctl.verticles.schedule.CronSchedule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CronTest {
    @TempDir
    private Path folder;

    private static CronRestart cron(String expression, String zone) {
        return new CronRestart(expression, ZoneId.of(zone));
    }

    private Bench bench(String expression) throws IOException {
        return new Bench(folder, Specs.DEFAULT.with(cron(expression, "UTC")).spec()).online();
    }

    @ParameterizedTest
    @CsvSource({
        "'0 3 * * *', UTC, 2026-01-01T00:00:00Z, 2026-01-01T03:00:00Z",
        "'0 3 * * *', Asia/Tokyo, 2026-01-01T00:00:00Z, 2026-01-01T18:00:00Z",
        "'*/15 * * * * *', UTC, 2026-01-01T00:00:01Z, 2026-01-01T00:00:15Z",
        "'30 2 29 2 *', UTC, 2026-01-01T00:00:00Z, 2028-02-29T02:30:00Z",
    })
    void expression_comesDueInItsZone(String expression, String zone, Instant from, Instant expected) {
        assertEquals(
                Optional.of(expected), CronSchedule.of(cron(expression, zone)).after(from));
    }

    @ParameterizedTest
    @CsvSource({"'61 * * * *'", "'* * *'", "'nonsense'", "''", "'* * * * * * * *'"})
    void expressionThatIsNone_isAProblemInWords(String expression) {
        assertTrue(CronSchedule.problemOf(cron(expression, "UTC")).isPresent());
    }

    @Test
    void running_isRestartedGracefullyWhenDue() throws IOException {
        Bench bench = bench("*/5 * * * *");
        bench.process(1).diesOf(Signal.INT);
        bench.around.pass(Duration.ofMinutes(4));
        assertEquals(1, bench.now().generation());
        bench.around.pass(Duration.ofMinutes(1));
        assertEquals(2, bench.now().generation());
        assertEquals(State.ONLINE, bench.now().state());
        assertEquals(1, bench.now().restarts());
        assertEquals(
                "cron */5 * * * *, signal SIGINT",
                bench.now().crashes().getFirst().cause());
    }

    @Test
    void stoppedByTheUser_staysStopped() throws IOException {
        Bench bench = bench("* * * * *");
        bench.process(1).diesOf(Signal.INT);
        assertEquals(State.STOPPING, bench.stop().state());
        bench.around.pass(Duration.ofMinutes(10));
        assertEquals(State.STOPPED, bench.now().state());
    }

    @Test
    void timesThatWereSleptThrough_comeDueOnce() throws IOException {
        Bench bench = bench("0 * * * *");
        bench.process(1).diesOf(Signal.INT);
        bench.around.skew = Duration.ofHours(5);
        bench.around.pass(Duration.ofMinutes(2));
        assertEquals(2, bench.now().generation());
    }

    @Test
    void clockThatIsSetBack_delaysItByAsMuch_andNothingElse() throws IOException {
        Bench bench = bench("0 * * * *");
        bench.process(1).diesOf(Signal.INT);
        bench.around.pass(Duration.ofMinutes(30));
        bench.around.skew = Duration.ofMinutes(-20);
        bench.around.pass(Duration.ofMinutes(40));
        assertEquals(1, bench.now().generation());
        bench.around.pass(Duration.ofMinutes(10));
        assertEquals(2, bench.now().generation());
    }

    @Test
    void dueWhileItIsStillEnding_restartsItOnce() throws IOException {
        Bench bench = new Bench(
                        folder,
                        Specs.DEFAULT
                                .with(cron("* * * * *", "UTC"))
                                .with(new StopPolicy("SIGINT", Duration.ofMinutes(10), false, StopPolicy.KillMode.TREE))
                                .spec())
                .online();
        bench.process(1).ignoresSignals();
        InstanceSnapshot _ = bench.restart();
        bench.around.pass(Duration.ofMinutes(3));
        assertEquals(State.STOPPING, bench.now().state());
        bench.exit(1, 0);
        assertEquals(2, bench.now().generation());
        assertEquals(0, bench.now().restarts());
    }

    @Test
    void dueWhileItWaitsForARestart_leavesItToThat() throws IOException {
        Bench bench = new Bench(
                        folder,
                        Specs.DEFAULT
                                .with(cron("* * * * *", "UTC"))
                                .with(Specs.policy(
                                        RestartPolicy.Mode.ALWAYS,
                                        16,
                                        new RestartPolicy.Backoff(Duration.ofMinutes(5), 1, Duration.ofMinutes(5), 0)))
                                .spec())
                .online();
        bench.exit(1, 1);
        bench.around.pass(Duration.ofMinutes(3));
        assertEquals(State.WAITING_RESTART, bench.now().state());
        bench.around.pass(Duration.ofSeconds(150));
        assertEquals(State.ONLINE, bench.now().state());
    }

    @Test
    void closed_armsNothing() throws IOException {
        Bench bench =
                new Bench(folder, Specs.DEFAULT.with(cron("* * * * *", "UTC")).spec()).begin(Desired.STOPPED);
        assertEquals(1, bench.around.timers());
        assertTrue(bench.supervisor.close().succeeded());
        assertEquals(0, bench.around.timers());
    }
}
