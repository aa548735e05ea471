package dev.bunctl.verticles.configuration;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Origin;
import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.Signal;
import dev.bunctl.os.api.SpawnPlan;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Applies a configuration by running {@code bunctl apply} once, as a child of the guard: reading the user's files, and running
 * those that are programs, is the client's work, in a process that can be bounded and ended.
 */
final class ApplyOnce implements ConfigurationWatch.Reapply {
    /** A configuration that is a program has 10 s of it. */
    static final Duration TIME_LIMIT = Duration.ofSeconds(30);

    /** What is kept of what the client has to say. */
    static final int MAX_SAID_BYTES = 8 << 10;

    /** The client's exit code when all was applied and an app did not come up, which its own state tells. */
    private static final int APP_FAILED = 1;

    /** The name of the process; no app can have it. */
    private static final String INSTANCE = "apply/";

    private static final int PIPE_BUFFER = 4096;

    /** Unused numbers in this and in every later daemon: no two start within one second and apply more often. */
    private static final AtomicInteger NUMBER = new AtomicInteger((int) (System.currentTimeMillis() / 1000));

    private final Vertx vertx;
    private final Processes processes;
    private final FileOwner owner;
    private final Path command;
    private final Map<String, String> variables;

    /**
     * @param home of the daemon; whose it is, his are the files that are applied
     * @param command absolute path of {@code bunctl}
     */
    ApplyOnce(Vertx vertx, Processes processes, Path home, Path command) {
        this.vertx = vertx;
        this.processes = processes;
        this.owner = new FileOwner(home);
        this.command = command;
        this.variables = Map.of("BUNCTL_HOME", home.toString(), "BUNCTL_JAVA_HOME", System.getProperty("java.home"));
    }

    @Override
    public Future<Optional<String>> apply(Origin origin, AppSpec like) {
        return vertx.executeBlocking(() -> owner.problemOf(origin.file()), false)
                .compose(problem -> problem.isPresent() ? Future.succeededFuture(problem) : run(origin, like));
    }

    private Future<Optional<String>> run(Origin origin, AppSpec like) {
        ProcessKey key = new ProcessKey(
                INSTANCE + Integer.toHexString(origin.file().hashCode()),
                NUMBER.updateAndGet(last -> Math.max(1, last + 1)));
        Context context = vertx.getOrCreateContext();
        Run run = new Run(context, key);
        processes.spawn(plan(key, origin, like), run, task -> context.runOnContext(_ -> task.run()));
        long timer = vertx.setTimer(TIME_LIMIT.toMillis(), _ -> run.kill());
        return run.result.future().onComplete(_ -> vertx.cancelTimer(timer));
    }

    private SpawnPlan plan(ProcessKey key, Origin origin, AppSpec like) {
        List<String> words = new ArrayList<>(List.of(
                command.toString(),
                "apply",
                "--no-wait",
                "--config",
                origin.file().toString()));
        origin.environmentName().ifPresent(name -> words.addAll(List.of("--env", name)));
        Map<String, String> environment = new HashMap<>(like.inheritedEnvironment());
        environment.putAll(variables);
        return new SpawnPlan(
                key,
                command,
                words,
                environment,
                FolderEvents.folder(origin.file()),
                like.umask(),
                List.of(),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty());
    }

    /** One run of the client. */
    private final class Run implements Processes.ProcessObserver {
        private final Promise<Optional<String>> result = Promise.promise();
        private final ByteArrayOutputStream said = new ByteArrayOutputStream();
        private final Promise<Void> heard = Promise.promise();
        private final Context context;
        private final ProcessKey key;
        private boolean late;

        Run(Context context, ProcessKey key) {
            this.context = context;
            this.key = key;
        }

        void kill() {
            late = true;
            processes.signal(key, Signal.KILL, Processes.Scope.TREE);
        }

        @Override
        public void spawned(ProcessKey spawned, ProcessIdentity identity, OutputPipe stdout, OutputPipe stderr) {
            read(stdout, new ByteArrayOutputStream(0), 0, Promise.promise());
            read(stderr, said, MAX_SAID_BYTES, heard);
            if (late) {
                processes.signal(key, Signal.KILL, Processes.Scope.TREE);
            }
        }

        @Override
        public void notSpawned(ProcessKey failed, NativeException cause) {
            boolean _ = result.tryComplete(Optional.of(String.valueOf(cause.getMessage())));
        }

        @Override
        public void exited(Processes.Exit exit) {
            processes.signal(key, Signal.KILL, Processes.Scope.TREE);
            processes.forget(key);
            int code = exit.status() instanceof ExitStatus.Code(int value) ? value : -1;
            heard.future().onComplete(_ -> result.tryComplete(problem(code)));
        }

        private Optional<String> problem(int code) {
            if (code == 0 || code == APP_FAILED) {
                return Optional.empty();
            }
            if (late) {
                return Optional.of("'bunctl apply' took longer than " + TIME_LIMIT.toSeconds() + " s");
            }
            String text = said.toString(StandardCharsets.UTF_8).strip();
            return Optional.of(text.isEmpty() ? "'bunctl apply' ended with " + code : inOneLine(text));
        }

        private void read(OutputPipe pipe, ByteArrayOutputStream into, int limit, Promise<Void> end) {
            pipe.onReadable(task -> context.runOnContext(_ -> task.run()), () -> {
                if (isOpenAfterReading(pipe, into, limit)) {
                    read(pipe, into, limit, end);
                } else {
                    pipe.close();
                    boolean _ = end.tryComplete();
                }
            });
        }

        private boolean isOpenAfterReading(OutputPipe pipe, ByteArrayOutputStream into, int limit) {
            try {
                ByteBuffer buffer = ByteBuffer.allocateDirect(PIPE_BUFFER);
                int count = pipe.read(buffer);
                byte[] bytes = new byte[buffer.flip().remaining()];
                buffer.get(bytes);
                into.write(bytes, 0, Math.min(bytes.length, limit - into.size()));
                return count != OutputPipe.END;
            } catch (NativeException e) {
                into.writeBytes(("(its output broke off: " + e.getMessage() + ")").getBytes(StandardCharsets.UTF_8));
                return false;
            }
        }
    }

    /** The client's own prefix says nothing here. */
    private static String inOneLine(String text) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            lines.add(line.startsWith("bunctl: ") ? line.substring("bunctl: ".length()) : line.strip());
        }
        return String.join("; ", lines);
    }
}
