package dev.bunctl.verticles.child;

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
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** One run of a program that is to end by itself. Used from one event loop. */
public final class ChildRun {
    /** What is kept of what the program has to say. */
    public static final int MAX_SAID_BYTES = 8 << 10;

    /** The exit code of a program that did not end with one. */
    public static final int NO_CODE = -1;

    private static final int PIPE_BUFFER = 4096;

    /** Unused numbers in this and in every later daemon: no two start within one second and run more programs. */
    private static final AtomicInteger NUMBER = new AtomicInteger((int) (System.currentTimeMillis() / 1000));

    private final Promise<Result> result = Promise.promise();
    private final Promise<Void> heard = Promise.promise();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Processes processes;
    private final ProcessKey key;
    private final Executor executor;
    private boolean late;

    /**
     * How a run ended.
     *
     * @param code exit code, or {@link #NO_CODE}
     * @param late whether it was ended because it took too long
     * @param said the beginning of what it wrote to stderr
     */
    public record Result(int code, boolean late, String said) {}

    private ChildRun(Vertx vertx, Processes processes, ProcessKey key) {
        Context context = vertx.getOrCreateContext();
        this.processes = processes;
        this.key = key;
        this.executor = task -> context.runOnContext(_ -> task.run());
    }

    /**
     * The name of a process; no app can have it.
     *
     * @param kind what such processes are for, with a slash at its end
     * @param which one of them
     */
    public static ProcessKey key(String kind, String which) {
        return new ProcessKey(kind + which, NUMBER.updateAndGet(last -> Math.max(1, last + 1)));
    }

    /**
     * Runs a program; what is left of its tree is killed when it ends, or after the time limit.
     *
     * @return how it ended; fails with a {@link NativeException} when it could not be started
     */
    public static Future<Result> run(Vertx vertx, Processes processes, SpawnPlan plan, Duration limit) {
        ChildRun run = new ChildRun(vertx, processes, plan.key());
        processes.spawn(plan, run.new Observer(), run.executor);
        long timer = vertx.setTimer(limit.toMillis(), _ -> run.expire());
        return run.result.future().onComplete(_ -> vertx.cancelTimer(timer));
    }

    private void expire() {
        late = true;
        kill();
    }

    private void kill() {
        processes.signal(key, Signal.KILL, Processes.Scope.TREE);
    }

    private final class Observer implements Processes.ProcessObserver {
        @Override
        public void spawned(ProcessKey spawned, ProcessIdentity identity, OutputPipe stdout, OutputPipe stderr) {
            read(stdout, new ByteArrayOutputStream(0), 0, Promise.promise());
            read(stderr, said, MAX_SAID_BYTES, heard);
            if (late) {
                kill();
            }
        }

        @Override
        public void notSpawned(ProcessKey failed, NativeException cause) {
            boolean _ = result.tryFail(cause);
        }

        @Override
        public void exited(Processes.Exit exit) {
            kill();
            processes.forget(key);
            int code = exit.status() instanceof ExitStatus.Code(int value) ? value : NO_CODE;
            heard.future()
                    .onComplete(_ -> result.tryComplete(new Result(
                            code, late, said.toString(StandardCharsets.UTF_8).strip())));
        }
    }

    private void read(OutputPipe pipe, ByteArrayOutputStream into, int limit, Promise<Void> end) {
        pipe.onReadable(executor, () -> {
            if (isOpenAfterReading(pipe, into, limit)) {
                read(pipe, into, limit, end);
            } else {
                pipe.close();
                boolean _ = end.tryComplete();
            }
        });
    }

    private static boolean isOpenAfterReading(OutputPipe pipe, ByteArrayOutputStream into, int limit) {
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
