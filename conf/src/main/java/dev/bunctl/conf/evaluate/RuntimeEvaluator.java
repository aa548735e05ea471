package dev.bunctl.conf.evaluate;

import dev.bunctl.conf.resolve.Programs;
import dev.bunctl.conf.resolve.Starter;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Location;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Runs configurations with the starter's bun, else node. Looks for them only when there is something to run. */
public final class RuntimeEvaluator implements ConfigEvaluator {
    private final Starter starter;
    private final Duration timeLimit;

    /**
     * An evaluator in the starter's folder and environment.
     *
     * @param timeLimit usually {@link ProcessEvaluator#TIME_LIMIT}
     */
    public RuntimeEvaluator(Starter starter, Duration timeLimit) {
        this.starter = starter;
        this.timeLimit = timeLimit;
    }

    @Override
    public String evaluate(Path file, String source) throws ConfigException {
        Optional<Path> runtime = Programs.find(starter, "bun").or(() -> Programs.find(starter, "node"));
        if (runtime.isEmpty()) {
            throw ConfigException.notFound(
                    Location.of(source),
                    "is a program, and neither bun nor node is on the PATH to run it (install Bun: https://bun.sh)");
        }
        return new ProcessEvaluator(runtime.get(), starter.directory(), starter.environment(), timeLimit)
                .evaluate(file, source);
    }
}
