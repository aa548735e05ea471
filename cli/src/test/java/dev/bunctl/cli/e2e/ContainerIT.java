package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bunctl.bridge.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The example's image without its base: what its Dockerfile copies, sets and starts, as process 1 of namespaces, in a root that
 * cannot be written to.
 */
class ContainerIT {
    private static final Path DOCKERFILE = Path.of("../docs/examples/docker/Dockerfile");
    private static final List<String> NAMESPACES = List.of("--mount", "--pid", "--net", "--ipc", "--fork");

    /** The rest of a Dockerfile's line. */
    private static String line(String instruction) {
        return Bunctl.read(DOCKERFILE)
                .lines()
                .filter(line -> line.startsWith(instruction + " "))
                .map(line -> line.substring(instruction.length()).strip())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + instruction));
    }

    /** The exec form: JSON. */
    private static List<String> words(String array) throws IOException {
        return ((List<?>) Json.readObject("{\"words\":" + array + "}").get("words"))
                .stream().map(String::valueOf).toList();
    }

    private static Path script(Bunctl bunctl) throws IOException {
        try (InputStream in = ContainerIT.class.getResourceAsStream("/container/start.sh")) {
            return bunctl.write("start.sh", new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    /** A folder with nothing but Bun. */
    private static Path bun(Bunctl bunctl) throws IOException {
        Path folder = Files.createDirectory(bunctl.folder().resolve("bun"));
        Path found = Path.of(BunOnHost.folder(), "bun").toRealPath();
        Files.copy(found, folder.resolve("bun"), StandardCopyOption.COPY_ATTRIBUTES);
        return folder;
    }

    private static Bunctl.Running started(Bunctl bunctl) throws IOException {
        List<String> command = new ArrayList<>(NAMESPACES);
        command.addAll(List.of(
                "sh",
                script(bunctl).toString(),
                Files.createDirectory(bunctl.folder().resolve("root")).toString(),
                Bunctl.DISTRIBUTION.toString(),
                Path.of("../conf/examples/hello").toRealPath().toString(),
                bun(bunctl).toString(),
                System.getProperty("java.home")));
        for (String variable : line("ENV").split(" ")) {
            command.add(variable.replace("$PATH", "/opt/bun:/usr/bin:/bin"));
        }
        command.add("--");
        command.addAll(words(line("ENTRYPOINT")));
        command.addAll(words(line("CMD")));
        return bunctl.startProgram(Path.of("/usr/bin/unshare"), command.toArray(String[]::new));
    }

    @Test
    void example_runsAsProcessOne_isHealthy_andStopsWhenTold() throws IOException {
        assumeTrue(mayUnshare(), "this test may not make namespaces");
        try (Bunctl bunctl = new Bunctl()) {
            Bunctl.Running running = started(bunctl);
            try {
                Bunctl.await(
                        () -> "it listens: " + running.printed() + Bunctl.read(running.err()),
                        () -> running.printed().contains("listening on"));
                long one =
                        running.process().children().findFirst().orElseThrow().pid();
                String health = line("HEALTHCHECK");
                List<String> check = words(health.substring(health.indexOf('[')));
                within(bunctl, one, check).succeeded();
                Bunctl.await(() -> "it is online", () -> isOnline(bunctl, one));
                HostProcesses.signal("TERM", one);
                Bunctl.Result result = bunctl.await(running).succeeded();
                assertTrue(result.out().contains("SIGINT: finishing"), result.toString());
                assertFalse(result.err().contains("network"), result.toString());
                assertFalse(HostProcesses.runs(one));
            } finally {
                running.process().descendants().forEach(ProcessHandle::destroyForcibly);
            }
        }
    }

    private static boolean isOnline(Bunctl bunctl, long one) {
        return within(bunctl, one, List.of("bunctl", "status", "--json"))
                .succeeded()
                .out()
                .contains("\"online\"");
    }

    /** As {@code docker exec} does. */
    private static Bunctl.Result within(Bunctl bunctl, long one, List<String> command) {
        List<String> words = new ArrayList<>(List.of(
                "--target",
                Long.toString(one),
                "--mount",
                "--pid",
                "--net",
                "--ipc",
                "--root",
                "env",
                "-C",
                "/app",
                "-i"));
        for (String variable : line("ENV").split(" ")) {
            words.add(variable.replace("$PATH", "/usr/bin:/bin"));
        }
        words.addAll(command);
        return bunctl.program(Path.of("/usr/bin/nsenter"), words.toArray(String[]::new));
    }

    private static boolean mayUnshare() throws IOException {
        List<String> command = new ArrayList<>(List.of("unshare"));
        command.addAll(NAMESPACES);
        command.addAll(List.of("mount", "-t", "tmpfs", "none", "/mnt"));
        try {
            return new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }
}
