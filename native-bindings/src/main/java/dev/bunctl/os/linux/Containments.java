package dev.bunctl.os.linux;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes.Account;
import dev.bunctl.os.api.Processes.ProcessObserver;
import dev.bunctl.os.api.SpawnPlan;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where trees are held: in cgroups where the host lets us, else nowhere here, and a keeper of the guard ends them. May
 * be called from any thread; events come on the loop's.
 */
final class Containments {
    private static final System.Logger LOG = System.getLogger(Containments.class.getName());

    /** Least time between two reports of the same soft limit. */
    private static final long QUIET_NANOS = 100_000_000L;

    /** A group that is watched. */
    private static final class Held {
        private final int memoryWatch;
        private long passes;
        private long toldAt = System.nanoTime() - QUIET_NANOS;

        Held(int memoryWatch, long passes) {
            this.memoryWatch = memoryWatch;
            this.passes = passes;
        }
    }

    static final int NOT_WATCHED = -1;

    private final @Nullable CgroupTree tree;
    private final @Nullable CgroupWatch watch;
    private final Map<ProcessKey, Held> held = new ConcurrentHashMap<>();

    private Containments(@Nullable CgroupTree tree, @Nullable CgroupWatch watch) {
        this.tree = tree;
        this.watch = watch;
    }

    static Containments none() {
        return new Containments(null, null);
    }

    static Containments in(CgroupTree tree, NativeLoop loop) throws NativeException {
        return new Containments(tree, CgroupWatch.open(loop));
    }

    /**
     * Makes the group for a plan.
     *
     * @param tell how the observer of this key is told of its limits
     * @return the folder to join, or empty without cgroups
     */
    Optional<Path> create(SpawnPlan plan, Consumer<Consumer<ProcessObserver>> tell) throws NativeException {
        if (tree == null || plan.containment().isEmpty()) {
            return Optional.empty();
        }
        Path group = tree.create(plan.key(), plan.containment().get());
        hold(plan.key(), tell);
        return Optional.of(group);
    }

    /** Begins to watch the group of a process, if it has one. */
    void hold(ProcessKey key, Consumer<Consumer<ProcessObserver>> tell) {
        if (tree == null || watch == null || !tree.exists(key)) {
            return;
        }
        int memoryWatch = NOT_WATCHED;
        try {
            memoryWatch = watch.watch(tree.path(key).resolve("memory.events"), () -> memoryEvent(key, tell));
        } catch (NativeException e) {
            LOG.log(System.Logger.Level.DEBUG, "no memory events for " + key, e); // no memory controller
        }
        held.put(key, new Held(memoryWatch, tree.softMemoryPasses(key)));
    }

    private void memoryEvent(ProcessKey key, Consumer<Consumer<ProcessObserver>> tell) {
        Held group = held.get(key);
        if (group == null || tree == null) {
            return;
        }
        long passes = tree.softMemoryPasses(key);
        long now = System.nanoTime();
        if (passes > group.passes && now - group.toldAt >= QUIET_NANOS) {
            group.passes = passes;
            group.toldAt = now;
            tell.accept(observer -> observer.softMemoryPassed(key));
        }
    }

    /** Whether the hard limit ended something in the tree of a process. To be asked before it is released. */
    boolean endedByMemory(ProcessKey key) {
        return tree != null && tree.memoryKills(key) > 0;
    }

    /** Ends everything in the tree of a process at once, where that can be done from here. */
    void kill(ProcessKey key) {
        if (tree != null && tree.exists(key)) {
            tree.kill(tree.path(key));
        }
    }

    /** Runs the task when the group is empty and removed: at once where there is none. */
    void release(ProcessKey key, Runnable whenEmpty) {
        Held group = held.remove(key);
        if (tree == null || watch == null || group == null) {
            whenEmpty.run();
            return;
        }
        watch.unwatch(group.memoryWatch);
        removeWhenEmpty(tree, watch, tree.path(key), whenEmpty);
    }

    private static void removeWhenEmpty(CgroupTree tree, CgroupWatch watch, Path group, Runnable whenEmpty) {
        if (removed(tree, group)) {
            whenEmpty.run();
            return;
        }
        tree.kill(group);
        int[] token = {NOT_WATCHED};
        boolean[] done = {false};
        Runnable look = () -> {
            if (!done[0] && removed(tree, group)) {
                done[0] = true;
                watch.unwatch(token[0]);
                whenEmpty.run();
            }
        };
        try {
            token[0] = watch.watch(group.resolve("cgroup.events"), look);
            look.run(); // it may have become empty before it was watched
        } catch (NativeException e) {
            LOG.log(System.Logger.Level.WARNING, "a group is left behind: {0}", e.getMessage());
            whenEmpty.run();
        }
    }

    /** A group of which a process has ended but not yet let go of its files can be removed already: too early for us. */
    private static boolean removed(CgroupTree tree, Path group) {
        return !tree.populated(group) && tree.remove(group);
    }

    /** Ends and removes what no known process belongs to. On the loop's thread or before it runs. */
    void removeStale(Set<ProcessKey> known) {
        if (tree != null && watch != null) {
            for (Path group : tree.stale(known)) {
                removeWhenEmpty(tree, watch, group, () -> {});
            }
        }
    }

    void limit(ProcessKey key, SpawnPlan.Containment containment) throws NativeException {
        if (tree != null && held.containsKey(key)) {
            tree.limit(key, containment);
        }
    }

    Optional<Account> account(ProcessKey key) {
        return tree == null ? Optional.empty() : tree.account(key);
    }

    /** Nothing is held any more: leaves nothing behind. */
    void finished() {
        if (tree != null) {
            tree.removeBase();
        }
    }

    void close() {
        finished();
        if (watch != null) {
            watch.close();
        }
    }
}
