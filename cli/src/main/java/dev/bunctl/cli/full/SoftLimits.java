package dev.bunctl.cli.full;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The soft resource limits of this process, which {@code bin/bunctl} handed on as the caller had them. */
final class SoftLimits {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final int NAME_WIDTH = 26;
    private static final String UNLIMITED = "unlimited";

    /** What proc_pid_limits(5) calls each, and its POSIX name. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("Max cpu time", "cpu"),
            Map.entry("Max file size", "fsize"),
            Map.entry("Max data size", "data"),
            Map.entry("Max stack size", "stack"),
            Map.entry("Max core file size", "core"),
            Map.entry("Max resident set", "rss"),
            Map.entry("Max processes", "nproc"),
            Map.entry("Max open files", "nofile"),
            Map.entry("Max locked memory", "memlock"),
            Map.entry("Max address space", "as"),
            Map.entry("Max file locks", "locks"),
            Map.entry("Max pending signals", "sigpending"),
            Map.entry("Max msgqueue size", "msgqueue"),
            Map.entry("Max nice priority", "nice"),
            Map.entry("Max realtime priority", "rtprio"),
            Map.entry("Max realtime timeout", "rttime"));

    private SoftLimits() {}

    /** By lower-case POSIX name; -1 is none. Empty where there is no proc(5). */
    static Map<String, Long> own() {
        try {
            return read(Files.readAllLines(LIMITS));
        } catch (IOException noProc) {
            return Map.of();
        }
    }

    /** Lines of proc_pid_limits(5). */
    static Map<String, Long> read(List<String> lines) {
        Map<String, Long> limits = new LinkedHashMap<>();
        for (String line : lines) {
            String name = line.length() > NAME_WIDTH
                    ? NAMES.get(line.substring(0, NAME_WIDTH).strip())
                    : null;
            if (name != null) {
                String soft = line.substring(NAME_WIDTH).strip().split(" ", 2)[0];
                limits.put(name, soft.equals(UNLIMITED) ? -1L : Long.parseLong(soft));
            }
        }
        return limits;
    }
}
