package dev.bunctl.cli.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The Java that runs this, and the start-up caches that were made for one. */
final class JavaChecks {
    private static final int LEAST_VERSION = 25;

    private final Path lib;

    JavaChecks(Path lib) {
        this.lib = lib;
    }

    Finding java() {
        String found = "Java " + Runtime.version() + " in " + System.getProperty("java.home");
        return Runtime.version().feature() >= LEAST_VERSION
                ? Finding.ok("java", found)
                : Finding.broken("java", found + " is older than " + LEAST_VERSION, "set BUNCTL_JAVA_HOME to a JDK 25");
    }

    Finding caches() {
        List<String> wanted = List.of(
                HostFile.read(lib.resolve("build")).map(String::strip).orElse(""), System.getProperty("java.home"));
        Path folder = lib.resolve("aot");
        List<String> madeFor = HostFile.read(folder.resolve("made-for")).stream()
                .flatMap(String::lines)
                .limit(wanted.size())
                .toList();
        if (madeFor.equals(wanted) && Files.isReadable(folder.resolve("thin.aot"))) {
            return Finding.ok("java.caches", "start-up caches for this Java in " + folder);
        }
        return Finding.warn(
                "java.caches",
                "there are no start-up caches for this build and this Java: commands take some 20 ms longer",
                "set BUNCTL_JAVA_HOME to the Java that " + lib.resolve("aot/java-home") + " names, or leave it so");
    }
}
