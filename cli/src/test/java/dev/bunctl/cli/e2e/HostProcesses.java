package dev.bunctl.cli.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What runs on this host, from /proc. */
final class HostProcesses {
    private HostProcesses() {}

    /** Processes with this home in their environment or arguments, as {@code pid arguments}; the dead do not count. */
    static List<String> of(Path home) {
        List<String> found = new ArrayList<>();
        for (long pid : pids(home)) {
            found.add(pid + " " + read(pid, "cmdline").replace('\0', ' '));
        }
        return found;
    }

    static void killAll(Path home) {
        for (long pid : pids(home)) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static List<Long> pids(Path home) {
        List<Long> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                String name = entry.getFileName().toString();
                if (name.chars().allMatch(Character::isDigit) && belongs(Long.parseLong(name), home)) {
                    found.add(Long.parseLong(name));
                }
            }
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
        return found;
    }

    private static boolean belongs(long pid, Path home) {
        return pid != ProcessHandle.current().pid()
                && (read(pid, "environ").contains("BUNCTL_HOME=" + home + "\0")
                        || read(pid, "cmdline").contains(home.toString()))
                && !state(pid).equals("Z");
    }

    /** The letter of proc_pid_stat(5), or empty when there is no such process. */
    static String state(long pid) {
        return letter(read(pid, "stat"));
    }

    private static String letter(String stat) {
        int behindName = stat.lastIndexOf(") ");
        return behindName < 0 ? "" : stat.substring(behindName + 2, behindName + 3);
    }

    /** Whether one of its threads does: the first can be dead while others still hold its sockets open. */
    static boolean runs(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.map(thread -> letter(read(pid, "task/" + thread.getFileName() + "/stat")))
                    .anyMatch(state -> !state.isEmpty() && !state.equals("Z") && !state.equals("X"));
        } catch (IOException gone) {
            return false;
        }
    }

    /** A file of a process that may end at any time. */
    static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    /** Sends a signal by its name such as {@code STOP}. */
    static void signal(String name, long pid) {
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new AssertionError("kill -" + name + " " + pid + " ended with " + exit);
            }
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    static void deleteTree(Path tree) {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(path);
            }
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
