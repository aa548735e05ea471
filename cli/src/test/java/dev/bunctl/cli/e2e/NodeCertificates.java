package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Certificates as docs/many-hosts.md says to make them.
 *
 * @param folder where they are
 */
record NodeCertificates(Path folder) {
    private static final Path RECIPE =
            Path.of("../docs/examples/node-certificates.sh").toAbsolutePath();
    private static final long PATIENCE_SECONDS = 60;

    static NodeCertificates make(Path folder, String... nodes) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        List<String> command = new ArrayList<>(List.of("sh", RECIPE.toString()));
        command.addAll(List.of(nodes));
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "openssl ends");
        assertEquals(0, process.exitValue(), () -> Bunctl.read(said));
        return new NodeCertificates(folder);
    }

    /** The members of a node's settings. */
    Map<String, Object> of(String node) {
        return Map.of(
                "certificate", folder.resolve(node + ".pem").toString(),
                "key", folder.resolve(node + ".key").toString(),
                "ca", folder.resolve("ca.pem").toString());
    }
}
