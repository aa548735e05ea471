package dev.bunctl.cli.doctor;

import java.nio.file.Path;
import java.util.Optional;

/** What the kernel lets this user have: see setrlimit(2), pipe(7), inotify(7). */
final class LimitChecks {
    /** In guard and daemon an instance takes up to this many descriptors: both pipes, a pidfd, both log files. */
    private static final int FILES_PER_INSTANCE = 5;

    private static final long TOO_FEW_FILES = 256;
    private static final long FEW_FILES = 4096;
    private static final long TOO_FEW_PROCESSES = 64;
    private static final long FEW_PROCESSES = 512;
    private static final long FEW_PIPE_PAGES = 1024;
    private static final long PAGES_PER_PIPE = 16;
    private static final long FEW_INOTIFY_INSTANCES = 64;
    private static final long FEW_INOTIFY_WATCHES = 8192;
    private static final int HARD_COLUMN = 1;

    private final Patient patient;

    LimitChecks(Patient patient) {
        this.patient = patient;
    }

    Finding files() {
        Optional<Long> hard = limit("Max open files");
        if (hard.isEmpty()) {
            return Finding.ok("limits.files", "this host does not tell its limit of open files");
        }
        String found = shown(hard.get()) + " open files may be had, enough for about "
                + shown(hard.get() == Long.MAX_VALUE ? Long.MAX_VALUE : hard.get() / FILES_PER_INSTANCE) + " instances";
        String remedy = "raise the hard limit: LimitNOFILE= of the service, or nofile in /etc/security/limits.conf";
        if (hard.get() < TOO_FEW_FILES) {
            return Finding.broken("limits.files", found, remedy);
        }
        return hard.get() < FEW_FILES ? Finding.warn("limits.files", found, remedy) : Finding.ok("limits.files", found);
    }

    Finding processes() {
        Optional<Long> most = limit("Max processes");
        if (most.isEmpty()) {
            return Finding.ok("limits.processes", "this host does not tell its limit of processes");
        }
        String found = shown(most.get()) + " processes and threads may be had by this user";
        String remedy = "raise it: TasksMax= of the service, or nproc in /etc/security/limits.conf";
        if (most.get() < TOO_FEW_PROCESSES) {
            return Finding.broken("limits.processes", found, remedy);
        }
        return most.get() < FEW_PROCESSES
                ? Finding.warn("limits.processes", found, remedy)
                : Finding.ok("limits.processes", found);
    }

    /** The hard limit of proc_pid_limits(5); {@link Long#MAX_VALUE} for unlimited. */
    private Optional<Long> limit(String name) {
        return HostFile.read(patient.proc(patient.subject()).resolve("limits"))
                .or(() -> HostFile.read(patient.proc("self/limits")))
                .stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split(" +")[HARD_COLUMN])
                .map(word -> word.equals("unlimited") ? Optional.of(Long.MAX_VALUE) : HostFile.parse(word))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static String shown(long number) {
        return number == Long.MAX_VALUE ? "any number of" : Long.toString(number);
    }

    Finding pipes() {
        Optional<Long> pages = HostFile.number(patient.proc("sys/fs/pipe-user-pages-soft"));
        if (pages.isEmpty() || pages.get() == 0) {
            return Finding.ok("limits.pipes", "pipes are not limited");
        }
        String found = "pipes of full size for about " + pages.get() / PAGES_PER_PIPE / 2
                + " instances (fs.pipe-user-pages-soft=" + pages.get() + "); past it new pipes hold 8 KiB";
        return pages.get() < FEW_PIPE_PAGES
                ? Finding.warn("limits.pipes", found, "sysctl fs.pipe-user-pages-soft=16384")
                : Finding.ok("limits.pipes", found);
    }

    Finding inotify() {
        Path folder = patient.proc("sys/fs/inotify");
        Optional<Long> instances = HostFile.number(folder.resolve("max_user_instances"));
        Optional<Long> watches = HostFile.number(folder.resolve("max_user_watches"));
        if (instances.isEmpty() || watches.isEmpty()) {
            return Finding.warn("limits.inotify", "this host does not tell of inotify", "watching files may not work");
        }
        String found = instances.get() + " inotify instances and " + watches.get() + " watches for this user";
        boolean few = instances.get() < FEW_INOTIFY_INSTANCES || watches.get() < FEW_INOTIFY_WATCHES;
        return few
                ? Finding.warn(
                        "limits.inotify",
                        found + "; watching many folders may fail",
                        "sysctl fs.inotify.max_user_instances=128 fs.inotify.max_user_watches=65536")
                : Finding.ok("limits.inotify", found);
    }
}
