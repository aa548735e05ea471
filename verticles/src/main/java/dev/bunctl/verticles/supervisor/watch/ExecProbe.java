package dev.bunctl.verticles.supervisor.watch;

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
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Well when a program, run as the app would be, ends with 0. What it prints is thrown away. */
final class ExecProbe implements Probe {
    /** Unused numbers in this and in every later daemon: no two start within one second and probe more often. */
    private static final AtomicInteger NUMBER = new AtomicInteger((int) (System.currentTimeMillis() / 1000));

    /** Begins the names of all of them, and of no app. */
    static final String PREFIX = "health/";

    private static final int NAME_SHOWN = 40;
    private static final int PIPE_BUFFER = 4096;

    private final Vertx vertx;
    private final Processes processes;
    private final Planning planning;
    private final String instance;
    private final List<String> command;

    /** Makes the plan of the app's own program for another key. */
    interface Planning {
        SpawnPlan plan(ProcessKey key) throws NativeException;
    }

    ExecProbe(Vertx vertx, Processes processes, Planning planning, String instance, List<String> command) {
        this.vertx = vertx;
        this.processes = processes;
        this.planning = planning;
        this.instance = instance;
        this.command = List.copyOf(command);
    }

    @Override
    public Future<Optional<String>> run(Duration timeout) {
        ProcessKey key = new ProcessKey(nameOf(instance), NUMBER.updateAndGet(last -> Math.max(1, last + 1)));
        Context context = vertx.getOrCreateContext();
        return vertx.executeBlocking(() -> plan(key), false)
                .compose(plan -> {
                    Run run = new Run(context, key);
                    processes.spawn(plan, run, task -> context.runOnContext(nothing -> task.run()));
                    long timer = vertx.setTimer(Math.max(1, timeout.toMillis()), fired -> run.kill(timeout));
                    return run.result.future().onComplete(done -> {
                        boolean _ = vertx.cancelTimer(timer);
                    });
                })
                .otherwise(cause -> Optional.of(String.valueOf(cause.getMessage())));
    }

    /** A name that no app can have, short enough for a key. */
    static String nameOf(String instance) {
        String shown = instance.length() <= NAME_SHOWN
                ? instance
                : instance.substring(0, NAME_SHOWN) + "#" + Integer.toHexString(instance.hashCode());
        return PREFIX + shown;
    }

    private SpawnPlan plan(ProcessKey key) throws NativeException {
        SpawnPlan app = planning.plan(key);
        return new SpawnPlan(
                key,
                executable(app),
                command,
                app.environment(),
                app.directory(),
                app.umask(),
                app.limits(),
                app.credentials(),
                app.niceness(),
                app.outOfMemoryScore(),
                Optional.empty());
    }

    private Path executable(SpawnPlan app) throws NativeException {
        String name = command.getFirst();
        if (name.contains("/")) {
            return app.directory().resolve(name).normalize();
        }
        for (String folder : app.environment().getOrDefault("PATH", "").split(":")) {
            Path candidate = app.directory().resolve(folder).resolve(name);
            if (!folder.isEmpty() && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        throw new NativeException("exec", 0, "health check program " + name + " is not on the app's PATH");
    }

    /** One run of the program. */
    private final class Run implements Processes.ProcessObserver {
        private final Promise<Optional<String>> result = Promise.promise();
        private final Context context;
        private final ProcessKey key;
        private Optional<String> killed = Optional.empty();

        Run(Context context, ProcessKey key) {
            this.context = context;
            this.key = key;
        }

        void kill(Duration timeout) {
            killed = Optional.of("%s took longer than %d ms".formatted(command.getFirst(), timeout.toMillis()));
            processes.signal(key, Signal.KILL, Processes.Scope.TREE);
        }

        @Override
        public void spawned(ProcessKey spawned, ProcessIdentity identity, OutputPipe stdout, OutputPipe stderr) {
            discard(stdout);
            discard(stderr);
            // The timeout may have come before there was anything to kill.
            killed.ifPresent(late -> processes.signal(key, Signal.KILL, Processes.Scope.TREE));
        }

        @Override
        public void notSpawned(ProcessKey failed, NativeException cause) {
            boolean _ = result.tryComplete(Optional.of(String.valueOf(cause.getMessage())));
        }

        @Override
        public void exited(Processes.Exit exit) {
            processes.signal(key, Signal.KILL, Processes.Scope.TREE);
            processes.forget(key);
            boolean _ = result.tryComplete(killed.or(() -> problem(exit.status())));
        }

        private Optional<String> problem(ExitStatus status) {
            return switch (status) {
                case ExitStatus.Code(int code) ->
                    code == 0
                            ? Optional.empty()
                            : Optional.of("%s ended with exit code %d".formatted(command.getFirst(), code));
                case ExitStatus.Killed(Signal signal, var dumped) ->
                    Optional.of("%s ended by signal %s".formatted(command.getFirst(), signal.longName()));
                case ExitStatus.Unknown() -> Optional.of(command.getFirst() + " ended unseen");
            };
        }

        private void discard(OutputPipe pipe) {
            pipe.onReadable(task -> context.runOnContext(nothing -> task.run()), () -> {
                if (isOpenAfterReading(pipe)) {
                    discard(pipe);
                } else {
                    pipe.close();
                }
            });
        }

        private boolean isOpenAfterReading(OutputPipe pipe) {
            try {
                return pipe.read(ByteBuffer.allocateDirect(PIPE_BUFFER)) != OutputPipe.END;
            } catch (NativeException e) {
                // Nothing of it is wanted; what counts is how the program ends.
                return false;
            }
        }
    }
}
