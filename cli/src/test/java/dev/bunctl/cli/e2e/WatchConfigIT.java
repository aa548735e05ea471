package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A configuration with {@code watch_config} is applied when it is saved. */
class WatchConfigIT {
    private Bunctl bunctl;

    @BeforeEach
    void open() {
        bunctl = new Bunctl();
        bunctl.write("s.ts", "console.log('up', process.env.V); setInterval(() => {}, 1000);");
    }

    @AfterEach
    void close() {
        bunctl.close();
    }

    private static String json(String apps) {
        return "{\"watch_config\":true,\"apps\":[" + apps + "]}";
    }

    private static String app(String name, String value) {
        return "{\"name\":\"" + name + "\",\"script\":\"s.ts\",\"env_live\":{\"V\":\"" + value + "\"}}";
    }

    /** Saves as editors do: another file takes the place of the old one. */
    private void replace(String content) {
        try {
            Path next = Files.writeString(bunctl.folder().resolve("next"), content);
            Files.move(next, bunctl.folder().resolve("bunctl.json"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private List<Object> names() {
        return bunctl.status().stream().map(app -> app.get("name")).toList();
    }

    private String warnings() {
        return String.valueOf(bunctl.run("status", "--json").succeeded().json().get("warnings"));
    }

    @Test
    void save_isAppliedAndAnInvalidOneChangesNothing() {
        bunctl.write("bunctl.json", json(app("a", "1") + "," + app("b", "1")));
        bunctl.run("start", "--env", "live").succeeded();
        long former = bunctl.pid("a:0");
        long kept = bunctl.pid("b:0");

        bunctl.write("bunctl.json", json(app("a", "2") + "," + app("b", "1")));
        Bunctl.await(
                () -> "a had its new variable", () -> bunctl.log("a-out.log").contains("up 2"));
        bunctl.awaitStatus(
                "a:0",
                app -> "online".equals(app.get("state")) && !app.get("pid").equals(former));
        assertEquals(kept, bunctl.pid("b:0"));

        replace("{\"watch_config\":true,\"apps\":[{\"name\":\"a\",\"scirpt\":\"s.ts\"}]}");
        Bunctl.await(
                () -> "status told of the bad save: " + warnings(),
                () -> warnings().contains("scirpt"));
        assertEquals(List.of("a", "b"), names());
        assertEquals(kept, bunctl.pid("b:0"));

        replace(json(app("b", "1") + "," + app("c", "3")));
        Bunctl.await(() -> "a was gone and c was there", () -> names().equals(List.of("b", "c")));
        Bunctl.await(() -> "the warning was gone", () -> warnings().equals("null"));
        assertEquals(kept, bunctl.pid("b:0"));
    }

    @Test
    void configurationThatIsAProgram_isRunAnewByANewDaemonToo() {
        bunctl.write("ecosystem.config.js", program("1"));
        bunctl.with("GIVEN", "x").run("start").succeeded();
        long daemon = bunctl.daemonPid();
        ProcessHandle.of(daemon).orElseThrow().destroyForcibly();
        Bunctl.await(() -> "another daemon came", () -> {
            Bunctl.Result ping = bunctl.run("ping", "--json");
            return ping.exit() == 0 && !Long.valueOf(daemon).equals(ping.json().get("daemon_pid"));
        });
        bunctl.write("ecosystem.config.js", program("2"));
        Bunctl.await(
                () -> "the save was applied: " + warnings(),
                () -> bunctl.log("p-out.log").contains("up 2x"));
        bunctl.write("ecosystem.config.js", "throw new Error('broken while saving')");
        Bunctl.await(() -> "status told why", () -> warnings().contains("broken while saving"));
        bunctl.write("ecosystem.config.js", program("2").replace("true", "false"));
        Bunctl.await(() -> "the warning was gone", () -> warnings().equals("null"));
    }

    private static String program(String value) {
        return "module.exports = {watch_config: true, apps: [{name: 'p', script: 's.ts', env: {V: '" + value
                + "' + process.env.GIVEN}}]};";
    }
}
