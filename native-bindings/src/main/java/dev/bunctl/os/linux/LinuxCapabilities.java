package dev.bunctl.os.linux;

import dev.bunctl.os.api.Capabilities;
import dev.bunctl.os.api.Capabilities.Capability;
import java.util.List;

/** Asks the kernel, by trying, what it can do. Each answer has a sentence that a user understands. */
final class LinuxCapabilities {
    /** PIDFD_GET_INFO tells of an exit from this version on. */
    private static final int EXIT_INFO_MAJOR = 6;

    private static final int EXIT_INFO_MINOR = 15;
    private static final int NO_DESCRIPTOR = ~0;

    private LinuxCapabilities() {}

    static Capabilities probe(CgroupBase.Result cgroups) {
        return new Capabilities(List.of(
                limit("limits.memory", "memory", cgroups),
                limit("limits.cpu", "cpu", cgroups),
                limit("limits.processes", "pids", cgroups),
                treeEnd(cgroups),
                processDescriptors(),
                exitInformation(),
                closeRange(),
                fileEvents()));
    }

    private static Capability limit(String name, String controller, CgroupBase.Result cgroups) {
        return switch (cgroups) {
            case CgroupBase.Result.Found found
            when found.controllers().contains(controller) -> new Capability(name, true, "cgroup v2 in " + found.base());
            case CgroupBase.Result.Found found ->
                new Capability(
                        name,
                        false,
                        "the cgroup v2 controller " + controller + " is not available in "
                                + found.base().getParent());
            case CgroupBase.Result.Missing missing ->
                new Capability(name, false, "no cgroup v2 group can be used: " + missing.cause());
        };
    }

    private static Capability treeEnd(CgroupBase.Result cgroups) {
        return switch (cgroups) {
            case CgroupBase.Result.Found found ->
                new Capability("tree.end", true, "the kernel ends a whole group in " + found.base());
            case CgroupBase.Result.Missing missing ->
                new Capability("tree.end", true, "a keeper above each instance ends its tree: " + missing.cause());
        };
    }

    private static Capability processDescriptors() {
        int pidfd =
                (int) LibC.syscall(LibC.SYS_PIDFD_OPEN, ProcessHandle.current().pid(), 0, 0, 0);
        if (pidfd < 0) {
            return new Capability(
                    "process.handles", false, "pidfd_open: " + Errno.text(LibC.errno()) + "; Linux 5.3 has it");
        }
        var _ = LibC.close(pidfd);
        return new Capability("process.handles", true, "through pidfds");
    }

    private static Capability exitInformation() {
        String release = System.getProperty("os.version", "");
        boolean known = atLeast(release, EXIT_INFO_MAJOR, EXIT_INFO_MINOR);
        return new Capability(
                "process.exit_after_parent",
                known,
                known
                        ? "through PIDFD_GET_INFO"
                        : "Linux " + release + " forgets how a process ended once its parent is gone; 6.15 keeps it");
    }

    /** Compares the first two numbers of a kernel's release, such as {@code 6.18.44-generic}. */
    static boolean atLeast(String release, int major, int minor) {
        String[] parts = release.split("[^0-9]+", 3);
        if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            return false;
        }
        int have = Integer.parseInt(parts[0]);
        return have > major || (have == major && Integer.parseInt(parts[1]) >= minor);
    }

    private static Capability closeRange() {
        // An empty range above every descriptor: it closes nothing wherever the call is known.
        boolean known = LibC.syscall(LibC.SYS_CLOSE_RANGE, NO_DESCRIPTOR & 0xffffffffL, 0xffffffffL, 0, 0) == 0;
        return new Capability(
                "process.clean_descriptors",
                true,
                known ? "through close_range" : "one by one: close_range is not known to this kernel (5.9 has it)");
    }

    private static Capability fileEvents() {
        int inotify = LibC.inotify_init1(LibC.O_CLOEXEC | LibC.O_NONBLOCK);
        if (inotify < 0) {
            return new Capability(
                    "files.events",
                    false,
                    "inotify_init1: " + Errno.text(LibC.errno()) + "; see fs.inotify.max_user_instances");
        }
        var _ = LibC.close(inotify);
        return new Capability("files.events", true, "through inotify");
    }
}
