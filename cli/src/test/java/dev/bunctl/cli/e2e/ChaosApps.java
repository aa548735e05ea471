package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Twenty apps: Bun, Node, programs, some that fork, crash or talk a lot; and what must hold for them whatever happens. */
final class ChaosApps {
    private static final int COUNT = 20;
    private static final String NUMBERED = "chaos-app-";
    private static final String CHILD = "chaos-child-of-";
    private static final String COUNTING =
            "let n = 0; setInterval(() => console.log(`${process.pid} ${n++}`), %d); process.on('SIGINT', () =>"
                    + " process.exit(0));";

    private final Bunctl bunctl;

    ChaosApps(Bunctl bunctl) {
        this.bunctl = bunctl;
    }

    void start() {
        bunctl.write("quiet.ts", COUNTING.formatted(50));
        bunctl.write("chatty.ts", COUNTING.formatted(1));
        bunctl.write("node.cjs", COUNTING.formatted(20));
        bunctl.write("crashing.ts", "console.log('up'); setTimeout(() => process.exit(7), 700);");
        bunctl.write("forking.ts", """
                Bun.spawn(["sh", "-c", "while :; do sleep 1; done", "chaos-child-of-" + process.pid]);
                process.on("SIGINT", () => process.exit(0)); setInterval(() => {}, 1000);""");
        List<String> apps = new ArrayList<>();
        for (int n = 0; n < COUNT; n++) {
            apps.add(
                    "{\"name\":\"" + name(n) + "\"," + program(n) + ",\"args\":[\"" + NUMBERED + n + "-\"],"
                            + "\"max_restarts\":1000000,\"restart_delay\":50,\"exp_backoff_restart_delay\":0,\"kill_timeout\":2000}");
        }
        bunctl.write("bunctl.json", "{\"apps\":[" + String.join(",", apps) + "]}");
        bunctl.run("start", "--no-wait").succeeded();
    }

    private static String program(int n) {
        return switch (n % 5) {
            case 0 -> "\"script\":\"quiet.ts\"";
            case 1 -> "\"script\":\"node.cjs\",\"interpreter\":\"node\"";
            case 2 -> "\"script\":\"forking.ts\"";
            case 3 -> n < 10 ? "\"script\":\"crashing.ts\"" : "\"command\":\"sh -c 'while :; do sleep 1; done'\"";
            default -> "\"script\":\"chatty.ts\"";
        };
    }

    private static boolean counts(int n) {
        return n % 5 == 0 || n % 5 == 1 || n % 5 == 4;
    }

    private static boolean crashes(int n) {
        return n % 5 == 3 && n < 10;
    }

    private static String name(int n) {
        return "app" + n;
    }

    String any(Random random) {
        return name(random.nextInt(COUNT));
    }

    /** From the host, since nobody may be there to ask. */
    Optional<Long> daemon() {
        return find("dev.bunctl.verticles.main.DaemonMain");
    }

    Optional<Long> guard() {
        return find("bunctl-guard --home " + bunctl.home());
    }

    Optional<Long> pidOf(String app) {
        return find(NUMBERED + app.substring("app".length()) + "-");
    }

    private Optional<Long> find(String words) {
        return bunctl.processes().stream()
                .filter(process -> process.contains(words))
                .map(process -> Long.parseLong(process.substring(0, process.indexOf(' '))))
                .findFirst();
    }

    /** At any moment: a reader finds the old state or the new one, never half of one. */
    void checkStateIsReadable() {
        try {
            Object apps = Json.readObject(Files.readString(bunctl.home().resolve("state/desired.json")))
                    .get("apps");
            assertTrue(apps instanceof List<?> list && list.size() == COUNT, "the saved apps: " + apps);
        } catch (IOException unreadable) {
            throw new AssertionError("the state cannot be read", unreadable);
        }
    }

    /** Every app is wanted, so every app comes back. */
    void awaitCalm() {
        bunctl.run("start", "all", "--no-wait");
        for (int n = 0; n < COUNT; n++) {
            if (!crashes(n)) {
                bunctl.awaitStatus(name(n) + ":0", app -> "online".equals(app.get("state")));
            }
        }
    }

    void checkEveryAppRunsOnce() {
        Map<String, Object> pids = new HashMap<>();
        bunctl.status().forEach(app -> pids.put(String.valueOf(app.get("name")), app.get("pid")));
        assertEquals(COUNT, pids.size(), pids.toString());
        List<String> processes = bunctl.processes();
        for (int n = 0; n < COUNT; n++) {
            String marker = NUMBERED + n + "-";
            List<String> own = processes.stream()
                    .filter(process -> process.contains(marker))
                    .toList();
            assertTrue(crashes(n) ? own.size() <= 1 : own.size() == 1, marker + " runs as " + own);
            if (!crashes(n)) {
                assertTrue(own.getFirst().startsWith(pids.get(name(n)) + " "), own + " is not " + pids.get(name(n)));
            }
        }
        for (String process : processes) {
            int at = process.indexOf(CHILD);
            if (at >= 0) {
                long parent =
                        Long.parseLong(process.substring(at + CHILD.length()).strip());
                assertTrue(pids.containsValue(parent), "a stray child: " + process + " with " + pids);
            }
        }
    }

    /** Each process numbered its lines from 0; what is not there was announced. */
    void checkNoLineIsMissing() {
        for (int n = 0; n < COUNT; n++) {
            if (counts(n)) {
                checkLines(n);
            }
        }
    }

    private void checkLines(int n) {
        Map<String, Long> next = new HashMap<>();
        int announced = 0;
        int seen = 0;
        List<String> lines = lines(bunctl.home().resolve("logs").resolve(name(n) + "-out.log"));
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at);
            if (line.startsWith("[bunctl]")) {
                announced++;
                continue;
            }
            if (line.endsWith(" [bunctl: the rest was dropped]")) {
                continue; // its announcement follows
            }
            String[] words = line.split(" ");
            assertEquals(2, words.length, name(n) + " wrote: " + line);
            long number = Long.parseLong(words[1]);
            long expected = next.getOrDefault(words[0], 0L);
            int here = at;
            assertTrue(
                    number == expected || (number > expected && announced-- > 0),
                    () -> name(n) + ": line " + expected + " of " + words[0] + " was to come, not " + number
                            + ", in line "
                            + here + around(lines, here) + "\nthe line itself at "
                            + lines.indexOf(words[0] + " " + expected) + ", of " + lines.size() + "\n"
                            + String.join(
                                    "\n",
                                    lines.stream()
                                            .filter(each -> each.startsWith("[bunctl"))
                                            .toList()));
            next.put(words[0], number + 1);
            seen++;
        }
        assertTrue(seen > 0, name(n) + " wrote nothing");
    }

    private static String around(List<String> lines, int at) {
        return ":\n" + String.join("\n", lines.subList(Math.max(0, at - 10), Math.min(lines.size(), at + 10)));
    }

    /** Without the last line, which may be half written. */
    private static List<String> lines(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return lines.isEmpty() ? lines : lines.subList(0, lines.size() - 1);
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
