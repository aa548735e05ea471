package dev.bunctl.conf.evaluate;

import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.ConfigLimits;
import dev.bunctl.conf.tree.Location;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs configurations with the user's own Bun or Node, in the starter's folder and environment, with the starter's
 * rights. What a configuration prints is shown only when it fails.
 */
public final class ProcessEvaluator implements ConfigEvaluator {
    /** How long a configuration may take. */
    public static final Duration TIME_LIMIT = Duration.ofSeconds(10);

    private static final String PROGRAM = "evaluate.mjs";
    private static final int MAX_LINES_SHOWN = 20;

    private final Path runtime;
    private final Path directory;
    private final Map<String, String> environment;
    private final Duration timeLimit;

    /**
     * An evaluator that runs one runtime.
     *
     * @param runtime absolute path of bun or node
     * @param directory the current folder of the program
     * @param environment the whole environment of the program
     * @param timeLimit usually {@link #TIME_LIMIT}
     */
    public ProcessEvaluator(Path runtime, Path directory, Map<String, String> environment, Duration timeLimit) {
        this.runtime = runtime;
        this.directory = directory;
        this.environment = Map.copyOf(environment);
        this.timeLimit = timeLimit;
    }

    @Override
    public String evaluate(Path file, String source) throws ConfigException {
        Location at = Location.of(source);
        try {
            Path folder = Files.createTempDirectory(scratch(), "bunctl-config-");
            Path program = folder.resolve(PROGRAM);
            Path result = folder.resolve("result.json");
            try {
                Files.write(program, program());
                return run(
                        List.of(runtime.toString(), program.toString(), file.toString(), result.toString()),
                        result,
                        at);
            } finally {
                var _ = Files.deleteIfExists(result);
                var _ = Files.deleteIfExists(program);
                var _ = Files.deleteIfExists(folder);
            }
        } catch (IOException failed) {
            throw ConfigException.notFound(at, "cannot be run with " + runtime + ": " + failed.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ConfigException.invalid(at, "interrupted while it ran");
        }
    }

    private Path scratch() {
        String folder = environment.getOrDefault("TMPDIR", "");
        return Path.of(folder.isEmpty() ? System.getProperty("java.io.tmpdir") : folder);
    }

    private static byte[] program() throws IOException {
        try (InputStream in = ProcessEvaluator.class.getResourceAsStream(PROGRAM)) {
            if (in == null) {
                throw new IllegalStateException(PROGRAM + " is not in the jar");
            }
            return in.readAllBytes();
        }
    }

    private String run(List<String> command, Path result, Location at)
            throws IOException, InterruptedException, ConfigException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        var output = new CappedOutput(process.getInputStream());
        String printed;
        try {
            process.getOutputStream().close();
            boolean ended = process.waitFor(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
            printed = end(process, output);
            if (!ended) {
                throw failure(at, "did not end within " + timeLimit.toMillis() + " ms", printed);
            }
        } finally {
            giveUp(process);
        }
        if (process.exitValue() != 0) {
            throw failure(at, "failed with exit code " + process.exitValue(), printed);
        }
        if (!Files.exists(result)) {
            throw failure(at, "ended before it exported anything (process.exit?)", printed);
        }
        if (Files.size(result) > ConfigLimits.MAX_BYTES) {
            throw ConfigException.invalid(at, "exports more than " + ConfigLimits.MAX_BYTES + " bytes of JSON");
        }
        return Files.readString(result, StandardCharsets.UTF_8);
    }

    /** Ends what still runs, by its handle: {@link Process#destroyForcibly} would close what is not read yet. */
    private static String end(Process process, CappedOutput output) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        boolean _ = process.toHandle().destroyForcibly();
        return output.finish();
    }

    /** Ends it and gives back its pipes. */
    private static void giveUp(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        var _ = process.destroyForcibly();
    }

    private static ConfigException failure(Location at, String what, String printed) {
        if (printed.isBlank()) {
            return ConfigException.invalid(at, what);
        }
        List<String> lines = printed.strip().lines().toList();
        List<String> shown = lines.subList(Math.max(0, lines.size() - MAX_LINES_SHOWN), lines.size());
        return ConfigException.invalid(at, what + "; it wrote:\n    " + String.join("\n    ", shown));
    }
}
