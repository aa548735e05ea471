package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Twenty apps of all kinds while daemon, guard and apps are killed and stopped, commands are given and the disk fills up, at
 * random. {@code -Dbunctl.chaos.seed} repeats a run as far as the host allows, {@code -Dbunctl.chaos.seconds} makes it longer.
 */
@Tag("chaos")
class ChaosIT {
    private static final long SECONDS = Long.getLong("bunctl.chaos.seconds", 60);

    private final long seed = Long.getLong("bunctl.chaos.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<String> history = new ArrayList<>();

    @Test
    void twentyApps_underFire_nothingIsLostDoubledOrLeftBehind() {
        try (Bunctl bunctl = new Bunctl().with("BUNCTL_WATCHDOG", "5")) {
            ChaosDisk disk = bunctl.owns(ChaosDisk.under(bunctl.home()));
            ChaosApps apps = new ChaosApps(bunctl);
            apps.start();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            try {
                while (System.nanoTime() < end) {
                    strike(bunctl, apps, disk);
                    apps.checkStateIsReadable();
                }
                disk.free();
                apps.awaitCalm();
                apps.checkEveryAppRunsOnce();
                apps.checkNoLineIsMissing();
                assertEquals(0, bunctl.run("doctor", "--json").exit(), "something is broken");
            } catch (AssertionError failed) {
                throw new AssertionError(
                        "with -Dbunctl.chaos.seed=" + seed + " after " + history + "\n" + bunctl.daemonLog(), failed);
            }
        }
    }

    private enum Strike {
        KILL_DAEMON,
        KILL_GUARD,
        KILL_BOTH,
        HANG_DAEMON,
        KILL_APP,
        PAUSE_APP,
        RESTART,
        STOP_AND_START,
        REPLACE_DAEMON,
        FILL_DISK
    }

    private void strike(Bunctl bunctl, ChaosApps apps, ChaosDisk disk) {
        Strike strike = Strike.values()[random.nextInt(Strike.values().length)];
        String app = apps.any(random);
        history.add(strike + " " + app);
        switch (strike) {
            case KILL_DAEMON -> apps.daemon().ifPresent(pid -> signal("KILL", pid));
            case KILL_GUARD -> apps.guard().ifPresent(pid -> signal("KILL", pid));
            case KILL_BOTH -> {
                apps.guard().ifPresent(pid -> signal("KILL", pid));
                apps.daemon().ifPresent(pid -> signal("KILL", pid));
                // With nobody left the next start brings both back.
                assertTrue(bunctl.run("start", "all", "--no-wait").exit() != 2, "a command that makes no sense");
            }
            // With no guard there is nobody to notice.
            case HANG_DAEMON ->
                apps.daemon().filter(_ -> apps.guard().isPresent()).ifPresent(pid -> {
                    signal("STOP", pid);
                    Bunctl.await(() -> "the hung daemon was replaced", () -> !HostProcesses.runs(pid));
                });
            case KILL_APP -> apps.pidOf(app).ifPresent(pid -> signal("KILL", pid));
            case PAUSE_APP ->
                apps.pidOf(app).ifPresent(pid -> {
                    signal("STOP", pid);
                    var _ = bunctl.run("status");
                    signal("CONT", pid);
                });
            // What a command answers while its daemon is killed is not what is looked at here; the end is.
            case RESTART -> bunctl.run("restart", app, "--no-wait");
            case STOP_AND_START -> {
                bunctl.run("stop", app);
                bunctl.run("start", app, "--no-wait");
            }
            case REPLACE_DAEMON -> apps.guard().ifPresent(pid -> signal("USR2", pid));
            case FILL_DISK -> disk.fillFor(() -> bunctl.run("status"));
        }
    }

    /** The process may have ended by itself meanwhile. */
    private static void signal(String name, long pid) {
        if (HostProcesses.runs(pid)) {
            try {
                HostProcesses.signal(name, pid);
            } catch (AssertionError gone) {
                assertTrue(!HostProcesses.runs(pid), gone::getMessage);
            }
        }
    }
}
