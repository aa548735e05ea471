package dev.bunctl.os.linux;

import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.Signal;
import dev.bunctl.os.api.SpawnPlan;
import dev.bunctl.os.linux.GuardMessage.FromGuard;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * The processes of one home, through the guard. Events of the guard come in on the native loop's thread, so for each
 * process they are posted in the order in which the guard saw them.
 */
final class LinuxProcesses implements Processes {
    /** Most spawns that wait for the guard's answer; more are refused with EAGAIN. */
    static final int MAX_WAITING_SPAWNS = 4096;

    private static final System.Logger LOG = System.getLogger(LinuxProcesses.class.getName());
    private static final int PIDFD = 0;

    private final GuardChannel channel;
    private final LinuxPipes pipes;
    private final OrphanWatch orphans;
    private final Containments containments;
    private final Map<ProcessKey, TrackedProcess> table = new ConcurrentHashMap<>();
    private final Map<Integer, ProcessKey> waiting = new ConcurrentHashMap<>();
    private final Map<ProcessKey, Survivor> left = new ConcurrentHashMap<>();

    /** Ended because their output could not be taken; their exits are of no use to anybody. */
    private final Set<ProcessKey> unread = ConcurrentHashMap.newKeySet();

    LinuxProcesses(GuardChannel channel, LinuxPipes pipes, OrphanWatch orphans, Containments containments) {
        this.channel = channel;
        this.pipes = pipes;
        this.orphans = orphans;
        this.containments = containments;
    }

    /**
     * Takes in one line of the guard's table, before the loop runs.
     *
     * @throws NativeException when its pipes were lost: a daemon that did not know of a process would start it twice
     */
    void restore(GuardMessage.Entry entry, List<Integer> descriptors) throws NativeException {
        if (descriptors.size() != 2) {
            GuardChannel.closeAll(descriptors);
            throw Errno.exception("hello", Errno.EMFILE, "the output of " + entry.key() + " cannot be taken over");
        }
        TrackedProcess process = new TrackedProcess(entry.key());
        process.started(entry.identity(), TrackedProcess.NO_DESCRIPTOR);
        if (entry.state() != GuardMessage.EntryState.RUNNING) {
            if (endedByMemory(entry.key(), entry.exit())) {
                process.exhausted();
            }
            process.ended(entry.identity(), entry.exit());
        } else {
            process.started(entry.identity(), OrphanWatch.open(entry.identity()));
            containments.hold(entry.key(), process::tell);
        }
        List<OutputPipe> streams = pipes.restored(entry, descriptors);
        table.put(entry.key(), process);
        left.put(
                entry.key(),
                new Survivor(
                        entry.key(),
                        entry.identity(),
                        streams.get(0),
                        streams.get(1),
                        Instant.ofEpochMilli(entry.startedAtMillis()),
                        process.exit()));
    }

    @Override
    public List<Survivor> survivors() {
        return left.values().stream().map(this::now).toList();
    }

    private Survivor now(Survivor then) {
        TrackedProcess process = table.get(then.key());
        Optional<Exit> exit = process == null ? then.exit() : process.exit();
        return new Survivor(then.key(), then.identity(), then.stdout(), then.stderr(), then.startedAt(), exit);
    }

    @Override
    public void adopt(Survivor survivor, ProcessObserver observer, Executor executor) {
        TrackedProcess process = table.get(survivor.key());
        if (process == null || left.remove(survivor.key()) == null) {
            throw new IllegalArgumentException(survivor.key() + " is not left to be adopted");
        }
        process.observe(observer, executor);
    }

    @Override
    public void spawn(SpawnPlan plan, ProcessObserver observer, Executor executor) {
        TrackedProcess process = new TrackedProcess(plan.key());
        process.observe(observer, executor);
        if (table.putIfAbsent(plan.key(), process) != null) {
            NativeException taken = new NativeException("plan", Errno.EEXIST, plan.key() + " is already there");
            process.tell(to -> to.notSpawned(plan.key(), taken));
            return;
        }
        int sequence = channel.nextSequence();
        try {
            if (waiting.size() >= MAX_WAITING_SPAWNS) {
                throw new NativeException(
                        "guard", Errno.EAGAIN, MAX_WAITING_SPAWNS + " processes are being started already");
            }
            Headroom.check(channel.descriptor());
            Optional<Path> group = containments.create(plan, process::tell);
            byte[] encoded = PlanEncoder.encode(plan, group);
            waiting.put(sequence, plan.key());
            channel.send(sequence, new GuardMessage.Spawn(plan.key(), encoded));
        } catch (NativeException e) {
            waiting.remove(sequence);
            if (table.remove(plan.key(), process)) {
                refuse(process, e);
            }
        }
    }

    private void refuse(TrackedProcess process, NativeException cause) {
        containments.release(process.key(), () -> {});
        process.tell(to -> to.notSpawned(process.key(), cause));
    }

    @Override
    public void signal(ProcessKey key, Signal signal, Scope scope) {
        TrackedProcess process = table.get(key);
        if (process == null || process.exit().isPresent()) {
            return;
        }
        int number = SignalNumbers.number(signal);
        try {
            channel.send(channel.nextSequence(), new GuardMessage.SendSignal(key, number, scopeNumber(scope)));
        } catch (NativeException e) {
            LOG.log(System.Logger.Level.DEBUG, "the guard is not there for a signal", e);
            orphans.signal(process, number, scope);
            if (scope == Scope.TREE && signal == Signal.KILL) {
                containments.kill(key);
            }
        }
    }

    private static int scopeNumber(Scope scope) {
        return switch (scope) {
            case PROCESS -> 0;
            case GROUP -> 1;
            case TREE -> 2;
        };
    }

    @Override
    public void forget(ProcessKey key) {
        TrackedProcess process = table.get(key);
        if (process == null || process.exit().isEmpty()) {
            return;
        }
        table.remove(key, process);
        left.remove(key);
        tellForgotten(key);
    }

    private void tellForgotten(ProcessKey key) {
        try {
            channel.send(channel.nextSequence(), new GuardMessage.Forget(key));
        } catch (NativeException e) {
            LOG.log(System.Logger.Level.DEBUG, "no guard is left that could forget", e);
        }
    }

    @Override
    public void limit(ProcessKey key, SpawnPlan.Containment containment) throws NativeException {
        containments.limit(key, containment);
    }

    @Override
    public Optional<Account> account(ProcessKey key) {
        return containments.account(key);
    }

    /** A message of the guard about a process. On the loop's thread. */
    void received(int sequence, FromGuard message, List<Integer> descriptors) {
        switch (message) {
            case GuardMessage.Spawned spawned -> spawned(sequence, spawned, descriptors);
            case GuardMessage.NotSpawned failed -> notSpawned(sequence, failed);
            case GuardMessage.Exited exited -> exited(exited);
            case GuardMessage.Refused refused -> refused(sequence, refused);
            case GuardMessage.Welcome _,
                    GuardMessage.Entry _,
                    GuardMessage.TableEnd _,
                    GuardMessage.Ping _,
                    GuardMessage.Requested _,
                    GuardMessage.Upgraded _ ->
                LOG.log(System.Logger.Level.WARNING, "unexpected message of the guard: {0}", message);
        }
    }

    private void spawned(int sequence, GuardMessage.Spawned spawned, List<Integer> descriptors) {
        waiting.remove(sequence);
        TrackedProcess process = table.get(spawned.key());
        if (process == null) {
            GuardChannel.closeAll(descriptors);
            LOG.log(System.Logger.Level.WARNING, "a spawn that nobody asked for: {0}", spawned);
            return;
        }
        if (descriptors.size() != GuardChannel.MAX_DESCRIPTORS) {
            GuardChannel.closeAll(descriptors);
            unreadable(process);
            return;
        }
        process.started(spawned.identity(), descriptors.get(PIDFD));
        OutputPipe stdout = pipes.open(descriptors.get(1));
        OutputPipe stderr = pipes.open(descriptors.get(2));
        process.tell(to -> to.spawned(spawned.key(), spawned.identity(), stdout, stderr));
    }

    /** Its pipes were lost on the way, so what it says could not be kept: it does not run. */
    private void unreadable(TrackedProcess process) {
        signal(process.key(), Signal.KILL, Scope.TREE);
        table.remove(process.key());
        unread.add(process.key());
        refuse(process, Errno.exception("pipes", Errno.EMFILE, "the daemon cannot take its output"));
    }

    private void notSpawned(int sequence, GuardMessage.NotSpawned failed) {
        waiting.remove(sequence);
        TrackedProcess process = table.remove(failed.key());
        if (process != null) {
            refuse(process, Errno.exception(failed.step(), failed.errno(), failed.detail()));
        }
    }

    private void exited(GuardMessage.Exited exited) {
        TrackedProcess process = table.get(exited.key());
        if (unread.remove(exited.key())) {
            tellForgotten(exited.key());
            return;
        }
        if (process == null) {
            LOG.log(System.Logger.Level.WARNING, "an exit of a process nobody knows: {0}", exited);
            return;
        }
        ended(process, exited.identity(), exited.exit());
    }

    /** INVARIANT: an exit is told when nothing of the tree is left, where the host can say so. */
    private void ended(TrackedProcess process, ProcessIdentity identity, ExitRecord exit) {
        if (endedByMemory(process.key(), exit)) {
            process.exhausted();
        }
        containments.release(process.key(), () -> process.ended(identity, exit));
    }

    private boolean endedByMemory(ProcessKey key, ExitRecord exit) {
        return exit.status() instanceof ExitStatus.Killed(Signal by, boolean _)
                && by == Signal.KILL
                && containments.endedByMemory(key);
    }

    /** Ends what former daemons left that the guard does not know of, or that ended meanwhile. Before the loop runs. */
    void removeStale() {
        Set<ProcessKey> running = new HashSet<>();
        table.forEach((key, process) -> {
            if (process.exit().isEmpty()) {
                running.add(key);
            }
        });
        containments.removeStale(running);
    }

    /** A signal that came too late is refused as well; only a spawn must be told of. */
    private void refused(int sequence, GuardMessage.Refused refused) {
        ProcessKey key = waiting.remove(sequence);
        TrackedProcess process = key == null ? null : table.remove(key);
        if (process != null) {
            refuse(process, Errno.exception("plan", refused.errno(), refused.reason()));
        }
    }

    /** The guard is gone: spawns fail, and exits are learnt from the kernel itself. On the loop's thread. */
    void guardLost() {
        for (Map.Entry<Integer, ProcessKey> spawn : Map.copyOf(waiting).entrySet()) {
            waiting.remove(spawn.getKey());
            TrackedProcess process = table.remove(spawn.getValue());
            if (process != null) {
                refuse(process, new NativeException("guard", Errno.ECHILD, "the guard ended before it answered"));
            }
        }
        for (TrackedProcess process : table.values()) {
            Optional<ProcessIdentity> identity = process.identity();
            if (identity.isPresent() && process.exit().isEmpty()) {
                orphans.watch(process, identity.get(), exit -> ended(process, identity.get(), exit));
            }
        }
    }

    /** Nothing is wanted any more. */
    void finished() {
        containments.finished();
    }

    void close() {
        table.values().forEach(TrackedProcess::closeDescriptor);
        containments.close();
    }
}
