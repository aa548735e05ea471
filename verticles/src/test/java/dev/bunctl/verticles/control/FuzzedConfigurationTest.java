package dev.bunctl.verticles.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Configuration;
import dev.bunctl.bridge.message.MalformedMessageException;
import dev.bunctl.bridge.message.MessageCodec;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.bridge.wire.WireException;
import dev.bunctl.conf.AppName;
import dev.bunctl.conf.Dependency;
import dev.bunctl.conf.Origin;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.verticles.main.TestDaemon;
import dev.bunctl.verticles.state.Specs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutated configurations on the wire are read or refused. Nothing that is not read whole changes what is wanted. */
class FuzzedConfigurationTest {
    private static final int SHORT = 1_000;
    private static final int LONG = 50_000;
    private static final Origin FILE = new Origin(Path.of("/srv/bunctl.json"), Optional.empty(), true);
    private static final List<String> TOKENS = List.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "null",
            "true",
            "-1",
            "0",
            "1e99",
            "99999999999999999999",
            "\"\\u0000\"",
            "\"..\"",
            "\"all\"",
            "\"\"",
            "\"name\":",
            "\"specs\":[]",
            "\"count\":2000",
            "\"/\"",
            "\\",
            "\"api\"",
            "\"b\"");

    @TempDir
    private Path home;

    @Test
    void fewMutations_areReadOrRefused() throws Exception {
        mutate(SHORT, 21);
    }

    @Test
    @Tag("fuzz")
    void manyMutations_areReadOrRefused() throws Exception {
        mutate(LONG, 22);
    }

    private void mutate(int rounds, long seed) throws Exception {
        TestDaemon daemon = TestDaemon.start(home, new FakePlatform());
        try {
            daemon.change(new Command.Start(List.of(Specs.of("api")), true, false, Optional.of(FILE)));
            String before = Files.readString(home.resolve("state/desired.json"));
            long pid = daemon.only().pid().orElseThrow();
            Random random = new Random(seed);
            String text = text();
            int read = 0;
            for (int round = 0; round < rounds; round++) {
                read += isRead(daemon, mutated(text, random)) ? 1 : 0;
            }
            assertTrue(read > 0 && read < rounds, read + " of " + rounds + " read, seed " + seed);
            assertEquals(before, Files.readString(home.resolve("state/desired.json")), "seed " + seed);
            assertEquals(pid, daemon.only().pid().orElseThrow());
        } finally {
            daemon.close();
        }
    }

    private static String text() {
        var waits = List.of(new Dependency(new AppName("api"), Dependency.Condition.READY));
        return Json.write(MessageCodec.toMap(new Command.Apply(
                new Configuration(List.of(Specs.of("api"), Specs.of("b", 2, waits)), FILE, List.of()), true)));
    }

    private static String mutated(String text, Random random) {
        StringBuilder mutated = new StringBuilder(text);
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(mutated.length());
            switch (random.nextInt(4)) {
                case 0 -> mutated.deleteCharAt(at);
                case 1 -> mutated.setCharAt(at, (char) (32 + random.nextInt(95)));
                case 2 -> mutated.insert(at, TOKENS.get(random.nextInt(TOKENS.size())));
                default -> mutated.delete(at, Math.min(mutated.length(), at + random.nextInt(40)));
            }
            if (mutated.isEmpty()) {
                return "";
            }
        }
        return mutated.toString();
    }

    /** What is read is only planned; a plan is an answer, whatever was asked. */
    private static boolean isRead(TestDaemon daemon, String body) throws Exception {
        Command command;
        try {
            command = MessageCodec.toCommand(Json.readObject(body));
        } catch (WireException | MalformedMessageException refused) {
            return false;
        }
        if (command instanceof Command.Apply(Configuration configuration, boolean untilReady)) {
            Answer answer = daemon.ask(new Command.Plan(configuration));
            assertTrue(answer instanceof Answer.Planned || answer instanceof Answer.Refused, body + ": " + answer);
        }
        return true;
    }
}
