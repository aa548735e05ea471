package dev.bunctl.os.linux;

import dev.bunctl.os.api.NativeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds, by trying, where in the cgroup v2 tree this daemon may make groups: next to its own leaf, in its own group when
 * nobody else is in it, at the top (root), or in a group above that was delegated to its user.
 */
final class CgroupBase {
    /** The leaf that holds guard and daemon, as {@code DelegateSubgroup=} of the service unit calls it. */
    static final String DAEMON_LEAF = "bunctld";

    static final Set<String> WANTED = Set.of("cpu", "memory", "pids");
    private static final int MAX_ANCESTORS = 8;

    /** Where groups are made, or why none can be. */
    sealed interface Result {
        /** Groups can be made. */
        record Found(Path base, Set<String> controllers) implements Result {}

        /** They cannot, for this reason. */
        record Missing(String cause) implements Result {}
    }

    private static final System.Logger LOG = System.getLogger(CgroupBase.class.getName());

    private final String folderName;
    private final long guardPid;
    private final List<String> refusals = new ArrayList<>();

    private CgroupBase(Path home, long guardPid) {
        this.guardPid = guardPid;
        folderName = "bunctl-"
                + Integer.toHexString(
                        home.toAbsolutePath().normalize().toString().hashCode());
    }

    static Result find(Path home, long guardPid) {
        Optional<Path> mount =
                mount(KernelFile.tryRead(Path.of("/proc/self/mountinfo")).orElse(""));
        if (mount.isEmpty()) {
            return new Result.Missing("no cgroup v2 tree is mounted");
        }
        Optional<String> own =
                own(KernelFile.tryRead(Path.of("/proc/self/cgroup")).orElse(""));
        if (own.isEmpty()) {
            return new Result.Missing("this process is in no cgroup v2 group");
        }
        return new CgroupBase(home, guardPid).choose(mount.get(), own.get());
    }

    /** The mount point of the first cgroup2 file system in a mountinfo text, see proc_pid_mountinfo(5). */
    static Optional<Path> mount(String mountinfo) {
        return mountinfo
                .lines()
                .filter(line -> line.contains(" - cgroup2 "))
                .map(line -> Path.of(KernelFile.words(line).get(4).replace("\\040", " ")))
                .findFirst();
    }

    /** The path in the unified tree, from the line that begins with {@code 0::}. */
    static Optional<String> own(String cgroups) {
        return cgroups.lines()
                .filter(line -> line.startsWith("0::/"))
                .map(line -> line.substring(4))
                .filter(path -> !path.endsWith(" (deleted)"))
                .findFirst();
    }

    private Result choose(Path mount, String ownPath) {
        Path own = mount.resolve(ownPath);
        Result best = new Result.Missing("");
        for (Path parent : candidates(mount, own)) {
            Result result = attempt(parent, own);
            if (result instanceof Result.Found found && found.controllers().containsAll(WANTED)) {
                return found;
            }
            if (best instanceof Result.Missing && result instanceof Result.Found) {
                best = result;
            }
        }
        return best instanceof Result.Found ? best : new Result.Missing(String.join("; ", refusals));
    }

    private Set<Path> candidates(Path mount, Path own) {
        Set<Path> candidates = new LinkedHashSet<>();
        if (own.endsWith(DAEMON_LEAF)) {
            candidates.add(own.getParent());
        }
        if (!own.equals(mount) && aloneIn(own)) {
            candidates.add(own);
        }
        if (LibC.geteuid() == 0) {
            candidates.add(mount);
        }
        Path parent = own;
        for (int i = 0; i < MAX_ANCESTORS && !parent.equals(mount) && parent.getParent() != null; i++) {
            parent = parent.getParent();
            candidates.add(parent);
        }
        return candidates;
    }

    private boolean aloneIn(Path group) {
        Set<String> ours = Set.of(
                Long.toString(guardPid), Long.toString(ProcessHandle.current().pid()));
        return KernelFile.tryRead(group.resolve("cgroup.procs"))
                .map(pids -> ours.containsAll(KernelFile.words(pids)))
                .orElse(false);
    }

    private Result attempt(Path parent, Path own) {
        Path base = parent.resolve(folderName);
        try {
            if (parent.equals(own)) {
                moveIntoLeaf(own);
            }
            if (!Files.isWritable(parent.resolve("cgroup.procs"))) {
                throw new NativeException("open", 13, "no process may be moved within " + parent);
            }
            Files.createDirectories(base);
        } catch (IOException e) {
            return refused(parent, "no group can be made there");
        } catch (NativeException e) {
            return refused(parent, e.detail());
        }
        var _ = enable(parent);
        Set<String> enabled = enable(base);
        return new Result.Found(base, enabled);
    }

    private Result refused(Path parent, String cause) {
        refusals.add(parent + ": " + cause);
        return new Result.Missing(cause);
    }

    /** A group with processes cannot hand controllers to groups below it, so they step into one. */
    private void moveIntoLeaf(Path own) throws NativeException, IOException {
        Path leaf = own.resolve(DAEMON_LEAF);
        Files.createDirectories(leaf);
        for (String pid : KernelFile.words(KernelFile.read(own.resolve("cgroup.procs")))) {
            KernelFile.write(leaf.resolve("cgroup.procs"), pid);
        }
    }

    /** Hands on to the groups below what can be handed on, one by one, and says what is. */
    static Set<String> enable(Path group) {
        Set<String> available = new TreeSet<>(KernelFile.words(
                KernelFile.tryRead(group.resolve("cgroup.controllers")).orElse("")));
        available.retainAll(WANTED);
        for (String controller : available) {
            try {
                KernelFile.write(group.resolve("cgroup.subtree_control"), "+" + controller);
            } catch (NativeException e) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "not handed on: {0}",
                        e.getMessage()); // what counts is what it says below
            }
        }
        Set<String> enabled = new TreeSet<>(KernelFile.words(
                KernelFile.tryRead(group.resolve("cgroup.subtree_control")).orElse("")));
        enabled.retainAll(WANTED);
        return enabled;
    }
}
