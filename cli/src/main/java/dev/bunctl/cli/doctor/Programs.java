package dev.bunctl.cli.doctor;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The runtimes of apps, found on the caller's PATH and asked for their version. */
final class Programs {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_VERSION = 200;

    private final Map<String, String> environment;

    Programs(Map<String, String> environment) {
        this.environment = environment;
    }

    Finding bun() {
        return runtime("bun", "TypeScript and JavaScript apps without an interpreter of their own need it")
                .orElseGet(() -> Finding.warn(
                        "bun",
                        "no bun on the PATH; TypeScript and JavaScript apps without an interpreter of their own need it",
                        "install it from https://bun.sh and start apps from a shell that has it on its PATH"));
    }

    Finding node() {
        return runtime("node", "apps with the interpreter node need it")
                .orElseGet(
                        () -> Finding.ok("node", "no node on the PATH; only apps with the interpreter node need it"));
    }

    private Optional<Finding> runtime(String name, String purpose) {
        return find(name).map(program -> {
            try {
                return Finding.ok(name, versionOf(program) + " in " + program);
            } catch (IOException cannot) {
                return Finding.warn(
                        name,
                        program + " does not tell its version (" + cannot.getMessage() + "); " + purpose,
                        "run '" + program + " --version' and mend what it says");
            }
        });
    }

    private Optional<Path> find(String name) {
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path program = Path.of(folder).resolve(name);
            if (program.isAbsolute() && Files.isRegularFile(program) && Files.isExecutable(program)) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }

    /** Reads after the end, so that a program that prints without end is stopped by its pipe. */
    private String versionOf(Path program) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(program.toString(), "--version"))
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("no answer within " + PATIENCE.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException("it ended with " + process.exitValue());
            }
            byte[] said = process.getInputStream().readNBytes(MAX_VERSION);
            return new String(said, StandardCharsets.UTF_8).strip().replace('\n', ' ');
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } finally {
            process.destroyForcibly();
        }
    }
}
