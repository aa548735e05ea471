package dev.bunctl.bridge.preload;

import dev.bunctl.bridge.testing.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A script from src/test/js under the preload, in real Bun or Node. */
final class ScriptProcess implements AutoCloseable {
    private static final Path PRELOAD = Path.of("src/main/js/preload.cjs").toAbsolutePath();

    final Process process;
    private final BufferedReader out;

    ScriptProcess(String engine, String script, Map<String, String> environment, String... arguments)
            throws IOException {
        String program = Programs.find(engine).orElse("");
        Assumptions.assumeFalse(program.isEmpty(), engine + " is not installed");
        List<String> line = new ArrayList<>(List.of(
                program,
                engine.equals("bun") ? "--preload" : "--require",
                PRELOAD.toString(),
                Path.of("src/test/js", script).toAbsolutePath().toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().putAll(environment);
        process = builder.start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Waits for a line that begins so; others are passed over. */
    String awaitLine(String start) throws IOException {
        StringBuilder before = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(start)) {
                return line;
            }
            before.append(line).append('\n');
        }
        throw new AssertionError("no line '" + start + "' but:\n" + before);
    }

    void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("no process to signal");
        }
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the script did not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }
}
