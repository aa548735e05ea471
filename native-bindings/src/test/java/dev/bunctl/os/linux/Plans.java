package dev.bunctl.os.linux;

import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.SpawnPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Plans for programs that every Linux has. */
final class Plans {
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C.UTF-8");

    private Plans() {}

    static SpawnPlan shell(ProcessKey key, String script, String... arguments) {
        List<String> argv = new java.util.ArrayList<>(List.of("sh", "-c", script, "sh"));
        argv.addAll(List.of(arguments));
        return of(key, Path.of("/bin/sh"), argv, ENVIRONMENT, Path.of("/"), Optional.empty());
    }

    static SpawnPlan program(ProcessKey key, String executable) {
        return of(key, Path.of(executable), List.of(executable), ENVIRONMENT, Path.of("/"), Optional.empty());
    }

    static SpawnPlan of(
            ProcessKey key,
            Path executable,
            List<String> argv,
            Map<String, String> environment,
            Path directory,
            Optional<SpawnPlan.Containment> containment) {
        return new SpawnPlan(
                key,
                executable,
                argv,
                environment,
                directory,
                022,
                List.of(),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                containment);
    }
}
