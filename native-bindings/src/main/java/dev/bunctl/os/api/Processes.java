package dev.bunctl.os.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Executor;

/**
 * The processes that belong to one home. Their parent outlives the daemon, so a new daemon finds them again.
 *
 * <p>No method blocks and none throws for what the system refuses, unless it says so: outcomes arrive as events. Methods
 * may be called from any thread. Each observer is called on the executor it was given with, in the order in which things happened.
 */
public interface Processes {
    /**
     * What a former daemon left: running processes and exits not yet acknowledged. To be asked once, before the first
     * spawn. The observer then receives everything later about that process.
     */
    List<Survivor> survivors();

    /** Takes over a survivor: from now on the observer is told about it. An exit already recorded is told at once. */
    void adopt(Survivor survivor, ProcessObserver observer, Executor executor);

    /** Asks for a process. The observer is told {@link ProcessObserver#spawned} or {@link ProcessObserver#notSpawned}. */
    void spawn(SpawnPlan plan, ProcessObserver observer, Executor executor);

    /**
     * Sends a signal. A process that has already ended is no error: its exit is on the way.
     *
     * @param scope the process alone, its group, or everything that descends from it
     */
    void signal(ProcessKey key, Signal signal, Scope scope);

    /**
     * Forgets an exit that has been taken in for good. Until then a new daemon is told of it again.
     *
     * @see ProcessObserver#exited
     */
    void forget(ProcessKey key);

    /**
     * Changes the limits of a running process and its tree. Limits that this host cannot enforce are left out, see
     * {@link Platform#capabilities}; an unknown key is no error. Blocks, since the host may take memory back first; to
     * be made off the event loop.
     *
     * @throws NativeException when a limit cannot be set; those before it are
     */
    void limit(ProcessKey key, SpawnPlan.Containment containment) throws NativeException;

    /**
     * What the host counts for the tree of this process, or empty where it counts nothing. Blocks shortly on the host's
     * own files; to be made off the event loop.
     */
    default Optional<Account> account(ProcessKey key) {
        return Optional.empty();
    }

    /**
     * What a tree has used and waited for. Counts of processes that have ended are included.
     *
     * @param cpuNanos CPU time, in nanoseconds
     * @param throttledNanos time it was held back by its CPU limit
     * @param memory of the whole tree, or empty where it is not counted
     * @param processes processes and threads now, or empty where they are not counted
     * @param cpuPressure share of the last ten seconds, in percent, in which some of it waited for CPU
     * @param memoryPressure the same for memory
     * @param diskPressure the same for disks
     */
    record Account(
            long cpuNanos,
            long throttledNanos,
            Optional<MemoryAccount> memory,
            OptionalInt processes,
            double cpuPressure,
            double memoryPressure,
            double diskPressure) {}

    /**
     * The memory of a tree.
     *
     * @param bytes now, cached files included
     * @param heldBytes what cannot be given back without a restart: all but cached files, what was swapped out included
     * @param peakBytes most it had, or empty where that is not kept
     */
    record MemoryAccount(long bytes, long heldBytes, OptionalLong peakBytes) {}

    /** Who a signal is for. */
    enum Scope {
        PROCESS,
        GROUP,
        TREE
    }

    /**
     * A process of a former daemon.
     *
     * @param exit how it ended meanwhile, or empty when it runs
     */
    record Survivor(
            ProcessKey key,
            ProcessIdentity identity,
            OutputPipe stdout,
            OutputPipe stderr,
            Instant startedAt,
            Optional<Exit> exit) {}

    /**
     * A process that ended.
     *
     * @param status how
     * @param at when, by the host's wall clock
     * @param userTime CPU time spent in the program
     * @param systemTime CPU time spent in the kernel for it
     * @param peakMemoryBytes most resident memory it had
     */
    record Exit(
            ProcessKey key,
            ProcessIdentity identity,
            ExitStatus status,
            Instant at,
            Duration userTime,
            Duration systemTime,
            long peakMemoryBytes) {}

    /** Told what becomes of one process. */
    interface ProcessObserver {
        /** The program runs. Both pipes belong to the observer, which closes them. */
        void spawned(ProcessKey key, ProcessIdentity identity, OutputPipe stdout, OutputPipe stderr);

        /** The program was never executed; the cause names the step that failed. */
        void notSpawned(ProcessKey key, NativeException cause);

        /**
         * The program ended. Sent again by {@link Processes#adopt} to a later daemon until {@link Processes#forget} is
         * called.
         */
        void exited(Exit exit);

        /** The tree has passed its soft memory limit. Told again while it stays so, ten times a second at most. */
        default void softMemoryPassed(ProcessKey key) {}

        /** The host ended the tree, or part of it, for passing its hard memory limit. Comes before the exit. */
        default void memoryExhausted(ProcessKey key) {}
    }
}
