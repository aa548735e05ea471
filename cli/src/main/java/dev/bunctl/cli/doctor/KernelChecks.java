package dev.bunctl.cli.doctor;

import dev.bunctl.bridge.message.HostCapability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The kernel, and where in its tree of groups apps could be put. */
final class KernelChecks {
    private static final Set<String> CONTROLLERS = Set.of("cpu", "memory", "pids");
    private static final String LIMITS = "limits.";
    private static final String TREE_END = "tree.end";
    private static final String LEAF = "bunctld";
    private static final int MAX_ANCESTORS = 8;
    private static final int[] PIDFD_SINCE = {5, 3};
    private static final String FALLBACK =
            "; a keeper above each instance ends its tree instead, and limits of memory, CPU and processes are not"
                    + " enforced by the kernel";

    private final Patient patient;

    KernelChecks(Patient patient) {
        this.patient = patient;
    }

    Finding kernel() {
        String system = System.getProperty("os.name");
        String release = System.getProperty("os.version", "");
        if (!system.equals("Linux")) {
            return Finding.broken("kernel", "bunctl has no native layer for " + system, "run it on Linux");
        }
        return isOlder(release)
                ? Finding.warn(
                        "kernel",
                        "Linux " + release + " has no process handles (5.3 has): a reused process id is noticed later",
                        "use a newer kernel")
                : Finding.ok("kernel", "Linux " + release);
    }

    private static boolean isOlder(String release) {
        String[] parts = release.split("[^0-9]+", 3);
        if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            return false;
        }
        int major = Integer.parseInt(parts[0]);
        return major < PIDFD_SINCE[0] || (major == PIDFD_SINCE[0] && Integer.parseInt(parts[1]) < PIDFD_SINCE[1]);
    }

    /** As the daemon found it, when one runs: what it uses is what counts. Without one, what the next would find. */
    Finding cgroups() {
        return patient.daemon() instanceof Patient.Daemon.Alive(var _, var _, List<HostCapability> capabilities)
                        && !capabilities.isEmpty()
                ? told(capabilities)
                : probed();
    }

    private static Finding told(List<HostCapability> capabilities) {
        List<String> lacking = capabilities.stream()
                .filter(one -> one.name().startsWith(LIMITS) && !one.available())
                .map(one -> one.name() + ": " + one.cause())
                .toList();
        String ends = capabilities.stream()
                .filter(one -> one.name().equals(TREE_END))
                .map(HostCapability::cause)
                .findFirst()
                .orElse("nothing ends whole trees");
        return lacking.isEmpty()
                ? Finding.ok("cgroups", "limits are enforced by the kernel; " + ends)
                : Finding.warn(
                        "cgroups",
                        "the kernel does not enforce " + String.join(", ", lacking) + "; " + ends,
                        "let systemd delegate a group: 'bunctl startup' writes the service");
    }

    private Finding probed() {
        Optional<Path> mount = mount();
        if (mount.isEmpty()) {
            return missing(
                    "no cgroup v2 tree is mounted", "mount one, or boot with systemd.unified_cgroup_hierarchy=1");
        }
        Optional<String> own = ownGroup();
        if (own.isEmpty()) {
            return missing("this process is in no cgroup v2 group", "start bunctl from a service or a login session");
        }
        List<Path> refused = new ArrayList<>();
        for (Path group : candidates(mount.get(), mount.get().resolve(own.get()))) {
            if (Files.isWritable(group) && Files.isWritable(group.resolve("cgroup.procs"))) {
                return usable(group, group.equals(mount.get()));
            }
            refused.add(group);
        }
        return missing(
                "no group of the tree may be changed by this user: " + refused,
                "let systemd delegate one: 'bunctl startup' writes the service");
    }

    private static Finding usable(Path group, boolean isTop) {
        Set<String> lacking = new TreeSet<>(CONTROLLERS);
        HostFile.read(group.resolve("cgroup.controllers"))
                .ifPresent(text -> lacking.removeAll(List.of(text.strip().split(" "))));
        return lacking.isEmpty()
                ? Finding.ok("cgroups", "limits are enforced and trees ended by the kernel, in " + group)
                : Finding.warn(
                        "cgroups",
                        group + " can be used, but without the controllers " + String.join(", ", lacking)
                                + ": those limits are not enforced",
                        isTop
                                ? "boot with systemd.unified_cgroup_hierarchy=1: the old hierarchy holds them"
                                : "let systemd delegate them: Delegate=cpu memory pids in the service");
    }

    private static Finding missing(String cause, String remedy) {
        return Finding.warn("cgroups", cause + FALLBACK, remedy);
    }

    private Optional<Path> mount() {
        return HostFile.read(patient.proc("self/mountinfo")).stream()
                .flatMap(String::lines)
                .filter(line -> line.contains(" - cgroup2 "))
                .map(line ->
                        patient.root().resolve(line.split(" ")[4].substring(1).replace("\\040", " ")))
                .findFirst();
    }

    private Optional<String> ownGroup() {
        return HostFile.read(patient.proc(patient.subject()).resolve("cgroup")).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("0::/") && !line.endsWith(" (deleted)"))
                .map(line -> line.substring("0::/".length()))
                .findFirst();
    }

    /** Where the daemon would try: beside its own leaf, at the top as root, in a group above that is delegated. */
    private Set<Path> candidates(Path mount, Path own) {
        Set<Path> candidates = new LinkedHashSet<>();
        if (own.endsWith(LEAF) && own.getParent() != null) {
            candidates.add(own.getParent());
        }
        if (patient.user() == 0) {
            candidates.add(mount);
        }
        Path parent = own;
        for (int i = 0; i < MAX_ANCESTORS && !parent.equals(mount) && parent.getParent() != null; i++) {
            parent = parent.getParent();
            candidates.add(parent);
        }
        return candidates;
    }
}
