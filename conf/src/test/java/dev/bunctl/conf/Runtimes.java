package dev.bunctl.conf;

import dev.bunctl.conf.resolve.Programs;
import dev.bunctl.conf.resolve.Starter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** The real bun or node of this machine. */
public final class Runtimes {
    private Runtimes() {}

    /** What can run a configuration of that name; the test is skipped where there is no bun for TypeScript. */
    public static Path forFile(String name) {
        Path here = Path.of("").toAbsolutePath();
        var starter = new Starter(here, here, System.getenv(), 0, Map.of(), 1);
        Optional<Path> bun = Programs.find(starter, "bun");
        boolean typed = name.endsWith(".ts");
        Assumptions.assumeTrue(bun.isPresent() || !typed, "no bun on the PATH to run TypeScript");
        return bun.or(() -> Programs.find(starter, "node"))
                .orElseThrow(() -> new AssertionError("neither bun nor node is on the PATH"));
    }
}
