package dev.bunctl.cli.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The Java that runs this, and the start-up caches that were made for one. */
final class JavaChecks {
    private static final int LEAST_VERSION = 25;

    /** What the daemon writes there of its attempts to make caches. */
    private static final String ATTEMPT = "attempt";

    private final Path lib;
    private final Path home;
    private final String java;

    JavaChecks(Path lib, Path home) {
        this.lib = lib;
        this.home = home;
        this.java = System.getProperty("bunctl.java", System.getProperty("java.home"));
    }

    Finding java() {
        String found = "Java " + Runtime.version() + " in " + System.getProperty("java.home");
        return Runtime.version().feature() >= LEAST_VERSION
                ? Finding.ok("java", found)
                : Finding.broken("java", found + " is older than " + LEAST_VERSION, "set BUNCTL_JAVA_HOME to a JDK 25");
    }

    Finding caches() {
        for (Path folder : List.of(home.resolve("aot"), lib.resolve("aot"))) {
            if (fits(folder)) {
                return taken(folder);
            }
        }
        return missing("there are no start-up caches for this build and this Java");
    }

    private List<String> wanted() {
        return List.of(HostFile.read(lib.resolve("build")).map(String::strip).orElse(""), java);
    }

    private boolean fits(Path folder) {
        return firstLines(folder.resolve("made-for")).equals(wanted()) && Files.isReadable(folder.resolve("thin.aot"));
    }

    private List<String> firstLines(Path file) {
        return HostFile.read(file).stream()
                .flatMap(String::lines)
                .limit(wanted().size())
                .toList();
    }

    /** Java itself looks whether it is the very one; this process was given its own cache from the same folder. */
    private Finding taken(Path folder) {
        boolean given = !System.getProperty("bunctl.caches", "").isEmpty();
        return given && !System.getProperty("java.vm.info", "").contains("sharing")
                ? missing("this Java does not take the start-up caches in " + folder)
                : Finding.ok("java.caches", "start-up caches for this Java in " + folder);
    }

    private Finding missing(String what) {
        Path file = home.resolve("aot").resolve(ATTEMPT);
        String outcome = firstLines(file).equals(wanted())
                ? HostFile.read(file).stream().flatMap(String::lines).reduce("", (_, last) -> last)
                : "";
        String cost = what + ": commands take some 20 ms longer";
        return outcome.startsWith("failed: ")
                ? Finding.warn(
                        "java.caches",
                        cost + "; making them " + outcome,
                        "mend the cause, remove " + file + ", then 'bunctl update'; or leave it so")
                : Finding.warn(
                        "java.caches",
                        cost,
                        "nothing: the daemon makes them in the background, in " + home.resolve("aot"));
    }
}
