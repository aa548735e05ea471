package dev.bunctl.verticles.main;

import dev.bunctl.bridge.server.InheritedSocketTransport;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.Platform;
import dev.bunctl.os.linux.LinuxPlatform;
import dev.bunctl.verticles.access.Access;
import dev.bunctl.verticles.control.ControlSetting.DaemonIdentity;
import dev.bunctl.verticles.state.StateFile;
import dev.bunctl.verticles.threads.PatientThreadPools;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The daemon's program. Its parent, the guard, gives it a control socket as descriptor 3, the listening socket of its
 * clients as descriptor 4, and {@code BUNCTL_HOME}.
 */
public final class DaemonMain {
    static final String VERSION = "0.1.0";

    /** Exit code after a failure; the guard then starts another daemon. */
    static final int FAILED = 70;

    /** Exit code of a daemon that makes room for another. */
    static final int HANDED_OVER = 75;

    /** Word by which only the check for a take-over is made. */
    private static final String CHECK = "--check";

    private static final int CONTROL_DESCRIPTOR = 3;
    private static final int CLIENTS_DESCRIPTOR = 4;
    private static final int WORKERS = 4;

    private static final System.Logger LOG = System.getLogger(DaemonMain.class.getName());

    /** Warns of hosts without a network, which need none. Held here: a logger that nobody holds is made anew. */
    private static final Logger HOST = Logger.getLogger("io.netty.util");

    private DaemonMain() {}

    /** Runs until the guard, a client or the host ends it. */
    public static void main(String[] arguments) {
        String home = System.getenv("BUNCTL_HOME");
        if (home == null || !Path.of(home).isAbsolute()) {
            System.err.println("bunctld: BUNCTL_HOME must be an absolute path; the guard sets it");
            System.exit(FAILED);
            return;
        }
        try {
            if (arguments.length == 1 && arguments[0].equals(CHECK)) {
                check(Path.of(home));
                return;
            }
            run(Path.of(home));
        } catch (IOException | NativeException | RuntimeException | Error e) {
            failed("the daemon could not start", e);
        }
    }

    /** Whether this version could take over: its native code loads, and it understands what is saved. Changes nothing. */
    private static void check(Path home) throws IOException, NativeException {
        LinuxPlatform.check();
        new StateFile(home, Clock.systemUTC()).check();
        System.out.println("bunctl " + VERSION + " can take over");
    }

    private static void run(Path home) throws IOException, NativeException {
        Instant startedAt = Instant.now();
        if (Daemon.isRun()) {
            ForegroundLog.install();
        } else {
            var _ = DaemonLog.install(home);
        }
        HOST.setLevel(Level.SEVERE);
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, e) -> LOG.log(System.Logger.Level.ERROR, "uncaught in " + thread.getName(), e));
        // The platform waits for the guard's answer; Vert.x comes up meanwhile.
        CompletableFuture<Vertx> vertx = CompletableFuture.supplyAsync(
                () -> vertx(home), task -> thread(task).start());
        Platform platform = LinuxPlatform.open(CONTROL_DESCRIPTOR, home);
        StateFile file = new StateFile(home, Clock.systemUTC());
        StateFile.Loaded loaded = file.load(platform.bootId());
        Access.Loaded reached = Access.load(home);
        ProcessHandle self = ProcessHandle.current();
        long guard = self.parent().map(ProcessHandle::pid).orElse(0L);
        DaemonIdentity identity = new DaemonIdentity(self.pid(), guard, VERSION, home, startedAt);
        Vertx made = vertx.join();
        made.exceptionHandler(e -> LOG.log(System.Logger.Level.ERROR, "uncaught on an event loop", e));
        made.runOnContext(_ -> Daemon.start(made, platform, home, file, loaded, reached, identity)
                .onFailure(cause -> failed("the daemon could not start", cause))
                .onSuccess(daemon -> served(daemon, platform, startedAt)));
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "bunctl-start");
        thread.setDaemon(true);
        return thread;
    }

    private static Vertx vertx(Path home) {
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(WORKERS)
                .setInternalBlockingPoolSize(WORKERS)
                .setBlockedThreadCheckInterval(1)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.HOURS)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false));
        return PatientThreadPools.vertx(options, InheritedSocketTransport.of(CLIENTS_DESCRIPTOR, Daemon.socket(home)));
    }

    private static void served(Daemon daemon, Platform platform, Instant startedAt) {
        LOG.log(
                System.Logger.Level.INFO,
                "bunctl {0} serves after {1} ms",
                VERSION,
                Instant.now().toEpochMilli() - startedAt.toEpochMilli());
        daemon.ended().onSuccess(ending -> {
            // First, so that clients find somebody who listens at every moment.
            Future<Void> prepared = ending == Daemon.Ending.ORPHANED ? daemon.startGuard() : Future.succeededFuture();
            prepared.eventually(daemon::close).onComplete(closed -> {
                if (closed.failed()) {
                    LOG.log(System.Logger.Level.WARNING, "not everything could be closed", closed.cause());
                }
                leave(platform, ending, daemon.exitCode());
            });
        });
    }

    private static void leave(Platform platform, Daemon.Ending ending, int finished) {
        LOG.log(System.Logger.Level.INFO, "ends: {0}", ending);
        int code = switch (ending) {
            case FINISHED -> {
                platform.announceFinished();
                yield finished;
            }
            case HANDED_OVER, ORPHANED -> HANDED_OVER;
        };
        // The kernel closes the guard's socket when the process is gone: closed before, the guard would count the time
        // that a Java takes to end.
        System.exit(code);
    }

    private static void failed(String what, Throwable cause) {
        LOG.log(System.Logger.Level.ERROR, what, cause);
        System.err.println("bunctld: " + what + ": " + cause);
        System.exit(FAILED);
    }
}
