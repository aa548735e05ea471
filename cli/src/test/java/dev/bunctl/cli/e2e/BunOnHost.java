package dev.bunctl.cli.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The Bun that the tests run: the one on the PATH, else one from npm. Without either, every test here fails and says so. */
final class BunOnHost {
    private static final String FOLDER = find();

    private BunOnHost() {}

    static String folder() {
        return FOLDER;
    }

    private static String find() {
        try {
            Process search = new ProcessBuilder(
                            "src/build/bun",
                            Path.of("target/bun").toAbsolutePath().toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String folder = new String(search.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (search.waitFor() != 0) {
                throw new AssertionError(
                        "these tests need Bun: put bun on the PATH, or npm with a registry it can reach");
            }
            return folder;
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }
}
