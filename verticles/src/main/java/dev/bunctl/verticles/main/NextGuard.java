package dev.bunctl.verticles.main;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Starts a guard in the place of one that died. It takes the lock that the old one lost, listens, finds the processes through
 * their handles in {@code run/}, and starts the next daemon when this one has ended.
 */
final class NextGuard {
    private static final System.Logger LOG = System.getLogger(NextGuard.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Set by a service manager, see sd_notify(3), which then starts the next guard itself. */
    private static final String SERVICE_MANAGER = "NOTIFY_SOCKET";

    private NextGuard() {}

    /** Returns when clients can connect to it. Blocks. */
    static void start(Path home) throws IOException, InterruptedException {
        String lib = System.getProperty("bunctl.lib");
        if (System.getenv(SERVICE_MANAGER) != null) {
            LOG.log(System.Logger.Level.INFO, "the service manager starts the next guard");
            return;
        }
        if (lib == null) {
            throw new IOException("no new guard: bunctl.lib does not say where it is");
        }
        File log = home.resolve("daemon.log").toFile();
        Process guard = new ProcessBuilder(
                        lib + "/bunctl-guard",
                        "--home",
                        home.toString(),
                        "--daemon",
                        lib + "/bunctld",
                        "--after",
                        Long.toString(ProcessHandle.current().pid()))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .redirectError(ProcessBuilder.Redirect.appendTo(log))
                .start();
        if (!guard.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("a new guard did not come up within " + PATIENCE.toSeconds() + " s");
        }
        LOG.log(System.Logger.Level.INFO, "a new guard listens; it was started with {0}", guard.exitValue());
    }
}
