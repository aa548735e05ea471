package dev.bunctl.cli.full;

import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.wire.FrameChannel;
import dev.bunctl.cli.thin.Caller;
import dev.bunctl.cli.thin.DaemonLink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reaches the daemon, and starts the guard, which starts the daemon, when there is none. Of several guards started at once
 * one takes the home's lock; the others end with {@link #HELD}, and their clients meet the one that holds it.
 */
final class GuardStart implements Reach {
    /** Exit code of a guard whose home has one already. */
    private static final int HELD = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** How often is looked again where the file system announces nothing, as over NFS. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final String socket;
    private final Path home;
    private final Path lib;

    GuardStart(String socket, Path home, Path lib) {
        this.socket = socket;
        this.home = home;
        this.lib = lib;
    }

    static GuardStart ofCaller() {
        return new GuardStart(
                Caller.socket(), Path.of(Caller.home()), Path.of(System.getProperty("bunctl.lib", "/nonexistent")));
    }

    /** Where guard and daemon were killed over running apps, they are started again first. */
    @Override
    public @Nullable FrameChannel connectIfRunning() throws FailureException {
        FrameChannel listening = connectIfListening();
        return listening == null && areAppsLeft() && isRevived() ? connectIfListening() : listening;
    }

    /** Changes nothing. */
    @Nullable
    FrameChannel connectIfListening() throws FailureException {
        try {
            return DaemonLink.connect(socket);
        } catch (IOException impossible) {
            throw new FailureException(
                    ErrorCode.INVALID,
                    String.valueOf(impossible.getMessage()),
                    "set BUNCTL_HOME to a folder with a shorter path");
        }
    }

    /** Started when there is none. It may still boot: the link waits until it takes it up. */
    @Override
    public FrameChannel connect() throws FailureException {
        FrameChannel running = connectIfListening();
        if (running != null) {
            return running;
        }
        try {
            startGuard();
            return awaitListener();
        } catch (IOException failure) {
            throw noDaemon("the guard could not be started: " + failure.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw noDaemon("the start of the guard was interrupted");
        }
    }

    @Override
    public String log() {
        return home.resolve("daemon.log").toString();
    }

    /** A guard that ends by itself leaves no handles. */
    private boolean areAppsLeft() {
        try (DirectoryStream<Path> handles = Files.newDirectoryStream(home.resolve("run"), "*.handle")) {
            return handles.iterator().hasNext();
        } catch (IOException noneThere) {
            return false;
        }
    }

    /** What is to be said of it the guard says itself, on standard error. */
    private boolean isRevived() throws FailureException {
        try {
            Process guard = guard("--revive", socket)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return guard.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) && guard.exitValue() == 0;
        } catch (IOException failure) {
            throw noDaemon("the guard could not be started: " + failure.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw noDaemon("the start of the guard was interrupted");
        }
    }

    private ProcessBuilder guard(String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(
                        Stream.concat(Stream.of(lib.resolve("bunctl-guard").toString()), Stream.of(arguments))
                                .toList())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(Caller.environment());
        return builder;
    }

    /** The guard's parent ends as soon as clients can connect. */
    private void startGuard() throws IOException, InterruptedException, FailureException {
        Process guard = guard(
                        "--home",
                        home.toString(),
                        "--daemon",
                        lib.resolve("bunctld").toString())
                .start();
        if (!guard.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            guard.destroy();
            throw noDaemon("the guard did not come up within " + PATIENCE.toSeconds() + " s");
        }
        if (guard.exitValue() != 0 && guard.exitValue() != HELD) {
            String said = new String(guard.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            throw noDaemon(said.isEmpty() ? "the guard ended with " + guard.exitValue() : said);
        }
    }

    /** The guard that holds the lock may still be about to listen. */
    private FrameChannel awaitListener() throws IOException, InterruptedException, FailureException {
        FrameChannel link = connectIfListening();
        if (link != null) {
            return link;
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Path run = Files.createDirectories(home.resolve("run"));
        try (WatchService watch = run.getFileSystem().newWatchService()) {
            var _ = run.register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            while (System.nanoTime() < deadline) {
                link = connectIfListening();
                if (link != null) {
                    return link;
                }
                WatchKey changed = watch.poll(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
                if (changed != null) {
                    changed.pollEvents().clear();
                    changed.reset();
                }
            }
        }
        throw noDaemon("another guard holds this home but takes no connections");
    }

    private FailureException noDaemon(String detail) {
        return new FailureException(
                ErrorCode.NO_DAEMON, detail, "the daemon's log may say more: " + home.resolve("daemon.log"));
    }
}
