package dev.bunctl.os.fake;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.Signal;
import dev.bunctl.os.api.SpawnPlan;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Processes that are only told of. A spawn succeeds at once unless {@link #holdSpawns} or {@link #failNextSpawn} says
 * otherwise. Callbacks run on the executors given, posted in the order of events.
 */
public final class FakeProcesses implements Processes {
    private static final long FIRST_PID = 1000;
    private static final int ECHILD = 10;

    /** Somebody who is told. */
    private final class Watch {
        private final ProcessObserver observer;
        private final Executor executor;

        Watch(ProcessObserver observer, Executor executor) {
            this.observer = observer;
            this.executor = executor;
        }

        void tell(Consumer<ProcessObserver> event) {
            if (!silent) {
                executor.execute(() -> event.accept(observer));
            }
        }
    }

    /** A limit that was asked for. */
    public record Limited(ProcessKey key, SpawnPlan.Containment containment) {}

    private final Map<ProcessKey, FakeProcess> table = new LinkedHashMap<>();
    private final Map<ProcessKey, Watch> watches = new LinkedHashMap<>();
    private final List<SpawnPlan> plans = new ArrayList<>();
    private final List<ProcessKey> forgotten = new ArrayList<>();
    private final List<Limited> limited = new ArrayList<>();
    private final Deque<NativeException> failures = new ArrayDeque<>();
    private final Deque<HeldSpawn> held = new ArrayDeque<>();
    private final Set<Signal> deadly = EnumSet.of(Signal.KILL);
    private final Map<ProcessKey, Account> accounts = new HashMap<>();
    private @Nullable NativeException limitRefusal;
    private boolean holding;
    private boolean parentGone;
    private boolean silent;
    private long nextPid = FIRST_PID;

    /** A spawn that waits for the test. */
    public final class HeldSpawn {
        private final SpawnPlan plan;

        private HeldSpawn(SpawnPlan plan) {
            this.plan = plan;
        }

        public SpawnPlan plan() {
            return plan;
        }

        @CanIgnoreReturnValue
        public FakeProcess succeed() {
            return release(this);
        }

        public void fail(NativeException cause) {
            refuse(this, cause);
        }
    }

    /** Every program started from now on ends on these signals, as most do. KILL always ends one. */
    public synchronized void programsDieOf(Signal... signals) {
        deadly.addAll(List.of(signals));
    }

    /** Spawns wait from now on until the test settles them, see {@link #heldSpawns}. */
    public synchronized void holdSpawns() {
        holding = true;
    }

    public synchronized List<HeldSpawn> heldSpawns() {
        return List.copyOf(held);
    }

    /** The next spawn fails; may be called several times. */
    public synchronized void failNextSpawn(NativeException cause) {
        failures.add(cause);
    }

    /** Every plan ever asked for, oldest first. */
    public synchronized List<SpawnPlan> plans() {
        return List.copyOf(plans);
    }

    /** Processes that run or whose exit is not yet forgotten, in order of their start. */
    public synchronized List<FakeProcess> all() {
        return List.copyOf(table.values());
    }

    /** The process with this key, which must be there. */
    public synchronized FakeProcess process(ProcessKey key) {
        FakeProcess process = table.get(key);
        if (process == null) {
            throw new IllegalStateException("no process " + key + " among " + table.keySet());
        }
        return process;
    }

    /** The process of the instance that runs and was started last, which must be there. */
    public synchronized FakeProcess running(String instance) {
        return table.values().stream()
                .filter(process -> process.key().instance().equals(instance) && process.running())
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new IllegalStateException("no running process of " + instance));
    }

    public synchronized List<ProcessKey> forgotten() {
        return List.copyOf(forgotten);
    }

    public synchronized List<Limited> limited() {
        return List.copyOf(limited);
    }

    /** Forgets what was asked for so far, for tests that ask very often. */
    public synchronized void clearRecords() {
        plans.clear();
        forgotten.clear();
        limited.clear();
    }

    /** No observer is told of anything any more. */
    synchronized void fallSilent() {
        silent = true;
    }

    /** Tells the observer of this key something, such as {@link ProcessObserver#memoryExhausted}. */
    public synchronized void tell(ProcessKey key, Consumer<ProcessObserver> event) {
        Watch watch = watches.get(key);
        if (watch != null) {
            watch.tell(event);
        }
    }

    @Override
    public synchronized List<Survivor> survivors() {
        Collection<FakeProcess> left = table.values();
        return left.stream()
                .filter(process -> !watches.containsKey(process.key()))
                .map(process -> new Survivor(
                        process.key(),
                        process.identity(),
                        process.stdout(),
                        process.stderr(),
                        Instant.EPOCH,
                        process.recordedExit()))
                .toList();
    }

    @Override
    public synchronized void adopt(Survivor survivor, ProcessObserver observer, Executor executor) {
        if (watches.containsKey(survivor.key()) || !table.containsKey(survivor.key())) {
            throw new IllegalArgumentException(survivor.key() + " is not left to be adopted");
        }
        Watch watch = new Watch(observer, executor);
        watches.put(survivor.key(), watch);
        process(survivor.key()).recordedExit().ifPresent(exit -> watch.tell(to -> to.exited(exit)));
    }

    @Override
    public synchronized void spawn(SpawnPlan plan, ProcessObserver observer, Executor executor) {
        plans.add(plan);
        Watch watch = new Watch(observer, executor);
        NativeException failure = spawnFailure(plan.key());
        if (failure != null) {
            watch.tell(to -> to.notSpawned(plan.key(), failure));
            return;
        }
        watches.put(plan.key(), watch);
        HeldSpawn spawn = new HeldSpawn(plan);
        held.add(spawn);
        if (!holding) {
            release(spawn);
        }
    }

    private @Nullable NativeException spawnFailure(ProcessKey key) {
        if (parentGone) {
            return new NativeException("guard", ECHILD, "the guard is gone");
        }
        if (watches.containsKey(key)) {
            return new NativeException("plan", 17, key + " is already there");
        }
        return failures.poll();
    }

    @CanIgnoreReturnValue
    private synchronized FakeProcess release(HeldSpawn spawn) {
        takeHeld(spawn);
        long pid = nextPid++;
        FakeProcess process = new FakeProcess(this, spawn.plan(), new ProcessIdentity(pid, pid * 10), deadly);
        table.put(process.key(), process);
        tell(process.key(), to -> to.spawned(process.key(), process.identity(), process.stdout(), process.stderr()));
        return process;
    }

    private synchronized void refuse(HeldSpawn spawn, NativeException cause) {
        takeHeld(spawn);
        Watch watch = watches.remove(spawn.plan().key());
        if (watch != null) {
            watch.tell(to -> to.notSpawned(spawn.plan().key(), cause));
        }
    }

    private void takeHeld(HeldSpawn spawn) {
        if (!held.remove(spawn)) {
            throw new IllegalStateException("spawn of " + spawn.plan().key() + " is already settled");
        }
    }

    @Override
    public synchronized void signal(ProcessKey key, Signal signal, Scope scope) {
        FakeProcess process = table.get(key);
        if (process != null) {
            process.receive(signal, scope);
        }
    }

    @Override
    public synchronized void forget(ProcessKey key) {
        FakeProcess process = table.get(key);
        if (process != null && !process.running()) {
            table.remove(key);
            watches.remove(key);
            forgotten.add(key);
        }
    }

    @Override
    public synchronized void limit(ProcessKey key, SpawnPlan.Containment containment) throws NativeException {
        if (limitRefusal != null) {
            throw limitRefusal;
        }
        limited.add(new Limited(key, containment));
    }

    @Override
    public synchronized Optional<Account> account(ProcessKey key) {
        return Optional.ofNullable(accounts.get(key));
    }

    /** What the host counts for a tree from now on. */
    public synchronized void account(ProcessKey key, Account account) {
        accounts.put(key, account);
    }

    /** Every change of limits fails from now on. */
    public synchronized void refuseLimits(NativeException cause) {
        limitRefusal = cause;
    }

    void ended(Exit exit) {
        tell(exit.key(), to -> to.exited(exit));
    }

    synchronized void loseParent() {
        parentGone = true;
        List.copyOf(held).forEach(spawn -> refuse(spawn, new NativeException("guard", ECHILD, "the guard is gone")));
    }

    synchronized FakeProcesses successor() {
        FakeProcesses next = new FakeProcesses();
        next.nextPid = nextPid;
        next.deadly.addAll(deadly);
        table.values().forEach(process -> next.table.put(process.key(), process.handedOver(next)));
        return next;
    }
}
