package dev.bunctl.os.fake;

import dev.bunctl.os.api.Capabilities;
import dev.bunctl.os.api.FolderWatch;
import dev.bunctl.os.api.LogFile;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.Platform;
import dev.bunctl.os.api.Signal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A platform driven by hand. Nothing happens by itself but what {@link FakeProcesses} is told to do; every method may
 * be called from any thread. A later daemon on the same host is {@link #successor()}.
 */
public final class FakePlatform implements Platform {
    private final FakeProcesses processes;
    private final FakeSampler sampler = new FakeSampler();
    private final FakeHostSignals hostSignals = new FakeHostSignals();
    private final List<Runnable> parentLost = new ArrayList<>();
    private Capabilities capabilities = new Capabilities(List.of());
    private Optional<Folders> folders = Optional.empty();
    private final FakeStandardStream stdout = new FakeStandardStream();
    private final FakeStandardStream stderr = new FakeStandardStream();
    private boolean parentGone;
    private int readies;
    private boolean finished;
    private boolean closed;
    private Executor liveness = Runnable::run;
    private Optional<NativeException> refusal = Optional.empty();
    private Optional<Path> parentProgram = Optional.empty();

    public FakePlatform() {
        this(new FakeProcesses());
    }

    private FakePlatform(FakeProcesses processes) {
        this.processes = processes;
    }

    /** The platform as the next daemon finds it: what runs still runs, what ended unacknowledged is a survivor. */
    public FakePlatform successor() {
        return new FakePlatform(processes.successor());
    }

    @Override
    public synchronized Capabilities capabilities() {
        return capabilities;
    }

    public synchronized void setCapabilities(Capabilities now) {
        capabilities = now;
    }

    @Override
    public FakeProcesses processes() {
        return processes;
    }

    @Override
    public FakeSampler sampler() {
        return sampler;
    }

    @Override
    public FakeHostSignals hostSignals() {
        return hostSignals;
    }

    /** A real file, so that rotation and readers can be tested on it. */
    @Override
    public LogFile openLog(Path path) throws NativeException {
        return FakeLogFile.open(path);
    }

    @Override
    public FakeStandardStream standardOutput() {
        return stdout;
    }

    @Override
    public FakeStandardStream standardError() {
        return stderr;
    }

    @Override
    public int numberOf(Signal signal) {
        return Map.of(Signal.INT, 2, Signal.KILL, 9, Signal.SEGV, 11, Signal.TERM, 15)
                .getOrDefault(signal, 99);
    }

    @Override
    public String bootId() {
        return "00000000-0000-4000-8000-000000000000";
    }

    @Override
    public synchronized void announceReady() {
        readies++;
    }

    /** How often readiness was announced. */
    public synchronized int readies() {
        return readies;
    }

    @Override
    public synchronized void announceFinished() {
        finished = true;
    }

    public synchronized boolean finished() {
        return finished;
    }

    @Override
    public synchronized void onParentLost(Executor executor, Runnable callback) {
        if (parentGone) {
            executor.execute(callback);
        } else {
            parentLost.add(() -> executor.execute(callback));
        }
    }

    @Override
    public void fallSilent() {
        processes.fallSilent();
    }

    /** Told by the call that failed. */
    @Override
    public boolean isShortage(NativeException cause) {
        return cause.call().equals("shortage");
    }

    /** The parent of all processes dies; spawns fail from now on. */
    public synchronized void loseParent() {
        parentGone = true;
        processes.loseParent();
        parentLost.forEach(Runnable::run);
        parentLost.clear();
    }

    /** Makes what is given for folders to watch. */
    public interface Folders {
        FolderWatch watch(FolderWatch.Listener listener);
    }

    /** From now on changes of files are told, by whoever is made here. */
    public synchronized void watchesFolders(Folders maker) {
        folders = Optional.of(maker);
    }

    @Override
    public synchronized FolderWatch watchFolders(Executor executor, FolderWatch.Listener listener)
            throws NativeException {
        return folders.orElseThrow(() -> new NativeException("watch", 0, "no files change on this pretended platform"))
                .watch(listener);
    }

    @Override
    public synchronized void answerLivenessOn(Executor executor) {
        liveness = executor;
    }

    /** Asks the daemon whether it lives; the task runs when it would have answered. */
    public synchronized void askLiveness(Runnable answered) {
        liveness.execute(answered);
    }

    /** What becomes of the next wish to replace the parent; it is granted unless this is set. */
    public synchronized void refuseReplacement(NativeException cause) {
        refusal = Optional.of(cause);
    }

    /** The program that the parent was last asked to become. */
    public synchronized Optional<Path> parentProgram() {
        return parentProgram;
    }

    @Override
    public synchronized void replaceParent(
            Path program, Executor executor, Consumer<Optional<NativeException>> callback) {
        Optional<NativeException> outcome = refusal;
        parentProgram = Optional.of(program);
        executor.execute(() -> callback.accept(outcome));
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    public synchronized boolean closed() {
        return closed;
    }
}
