package dev.bunctl.cli.full;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.bridge.wire.FrameChannel;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.cli.thin.Caller;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code bunctl update}: tries this version's daemon, has the guard become this version's guard, and waits for the daemon that
 * it starts. Whatever fails before the guard has changed leaves everything as it was; afterwards the guard goes back by
 * itself when the new daemon does not come up.
 */
final class UpdateCommand {
    private static final Duration CHECK_PATIENCE = Duration.ofSeconds(30);
    /** Two failed starts of a new daemon, each within its boot limit, and the way back. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final int MAX_SAID = 4096;

    private final GuardStart guard;
    private final Path home;
    private final Path lib;

    private UpdateCommand(GuardStart guard, Path home, Path lib) {
        this.guard = guard;
        this.home = home;
        this.lib = lib;
    }

    static UpdateCommand ofCaller() {
        return new UpdateCommand(
                GuardStart.ofCaller(),
                Path.of(Caller.home()),
                Path.of(System.getProperty("bunctl.lib", "/nonexistent")).toAbsolutePath());
    }

    Rendered run(boolean json) throws FailureException, IOException {
        FrameChannel link = guard.connectIfRunning();
        if (link == null) {
            return rendered(null, null, json);
        }
        try (DaemonCall call = new DaemonCall(link, guard.log())) {
            Answer.Pong before = pong(call.ask(new Command.Ping()));
            check();
            Answer answer = call.ask(
                    new Command.Update(lib.resolve("bunctl-guard").toRealPath().toString()));
            if (answer instanceof Answer.Refused refused) {
                throw new FailureException(
                        refused.code(), refused.detail(), refused.hint().orElse(""));
            }
            return rendered(before, awaitNext(before), json);
        }
    }

    private static Answer.Pong pong(Answer answer) throws FailureException {
        if (answer instanceof Answer.Pong pong) {
            return pong;
        }
        throw new FailureException(ErrorCode.INTERNAL, "the daemon's answer makes no sense here", "");
    }

    /** The new daemon's own word that it starts here and understands what is saved. */
    private void check() throws FailureException, IOException {
        ProcessBuilder builder = new ProcessBuilder(lib.resolve("bunctld").toString(), "--check")
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(Caller.environment());
        builder.environment().put("BUNCTL_HOME", home.toString());
        Process check = builder.start();
        try {
            String said = new String(check.getInputStream().readNBytes(MAX_SAID), StandardCharsets.UTF_8).strip();
            if (!check.waitFor(CHECK_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw cannot("it did not end within " + CHECK_PATIENCE.toSeconds() + " s");
            }
            if (check.exitValue() != 0) {
                throw cannot(said.isEmpty() ? "it ended with " + check.exitValue() : said);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw cannot("interrupted");
        } finally {
            check.destroyForcibly();
        }
    }

    private FailureException cannot(String why) {
        return new FailureException(
                ErrorCode.BROKEN,
                "the daemon in " + lib + " cannot take over: " + why,
                "nothing was changed, the version before runs on");
    }

    /** The first daemon that answers and is another one. While none does, the link waits in the guard's backlog. */
    private Answer.Pong awaitNext(Answer.Pong before) throws FailureException, IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            FrameChannel link = guard.connectIfListening();
            if (link == null) {
                throw lost("the guard is gone");
            }
            try (DaemonCall call = new DaemonCall(link, guard.log())) {
                Answer.Pong pong = pong(call.ask(new Command.Ping()));
                if (pong.daemonPid() != before.daemonPid()) {
                    return checkedOrigin(pong);
                }
            } catch (FailureException again) {
                if (again.code() != ErrorCode.DAEMON_LOST && again.code() != ErrorCode.NO_DAEMON) {
                    throw again;
                }
            }
        }
        throw lost("no daemon answered within " + PATIENCE.toMinutes() + " minutes");
    }

    /** The guard may have gone back to the version before. */
    private Answer.Pong checkedOrigin(Answer.Pong pong) throws FailureException, IOException {
        Path program = Path.of("/proc", Long.toString(pong.guardPid()), "exe");
        if (Files.isReadable(program) && !Files.isSameFile(program, lib.resolve("bunctl-guard"))) {
            throw new FailureException(
                    ErrorCode.BROKEN,
                    "the new daemon did not come up, so the guard went back to the version before, which runs",
                    "apps ran on; why it did not come up stands in " + home.resolve("daemon.log"));
        }
        return pong;
    }

    private FailureException lost(String what) {
        return new FailureException(
                ErrorCode.NO_DAEMON, what, "apps run on; the daemon's log says more: " + home.resolve("daemon.log"));
    }

    private Rendered rendered(Answer.@Nullable Pong before, Answer.@Nullable Pong after, boolean json)
            throws IOException {
        String version = Files.readString(lib.resolve("version")).strip();
        if (!json) {
            return new Rendered(
                    "",
                    before == null || after == null
                            ? "no daemon runs; the next start uses bunctl " + version + "\n"
                            : "bunctl " + before.version() + " -> " + after.version() + ": daemon " + before.daemonPid()
                                    + " -> " + after.daemonPid() + ", guard " + after.guardPid() + "; apps run on\n",
                    0);
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("version", (long) Protocol.VERSION);
        body.put("from", before == null ? null : before.version());
        body.put("to", after == null ? version : after.version());
        body.put("guard_pid", after == null ? null : after.guardPid());
        body.put("daemon_pid", after == null ? null : after.daemonPid());
        return new Rendered(Json.write(body) + "\n", "", 0);
    }
}
