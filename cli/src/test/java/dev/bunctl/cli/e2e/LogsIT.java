package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every line kept, once and in order, whatever happens to files, daemon and readers. */
class LogsIT {
    private static final int LINES = 30_000;
    private static final int RATE = 4_000;
    private static final int NUMBER_DIGITS = 12;
    private static final String LAST = String.format("%012d", LINES - 1);
    private static final String ALL = "1000000";

    /** As the C program does: numbered lines of 100 bytes, at a rate. */
    private static final String BUN_WRITER = """
            const [count, rate] = [Number(process.argv[2]), Number(process.argv[3])];
            const start = performance.now();
            let n = 0;
            const timer = setInterval(() => {
                const due = Math.min(count, ((performance.now() - start) / 1000) * rate);
                let text = "";
                for (; n < due; n++) text += String(n).padStart(12, "0") + " " + "x".repeat(86) + "\\n";
                process.stdout.write(text);
                if (n >= count) clearInterval(timer);
            }, 2);
            """;

    /** Goes on, when it is started again, where it was told to end. */
    private static final String GOING_ON = """
            import { existsSync, readFileSync, writeFileSync } from "node:fs";
            const count = Number(process.argv[2]);
            let n = existsSync("next") ? Number(readFileSync("next", "utf8")) : 0;
            process.on("SIGINT", () => { writeFileSync("next", String(n)); process.exit(0); });
            const timer = setInterval(() => {
                let text = "";
                for (const due = Math.min(count, n + 8); n < due; n++) text += String(n).padStart(12, "0") + " " + "x".repeat(86) + "\\n";
                process.stdout.write(text);
                if (n >= count) clearInterval(timer);
            }, 2);
            """;

    /** The words behind `command` in the configuration of the app. */
    private static String writer(Bunctl bunctl, String language, int lines, int rate) {
        if (language.equals("bun")) {
            Path script = bunctl.write("writer.ts", BUN_WRITER);
            return "bun " + script + " " + lines + " " + rate;
        }
        Path program = bunctl.folder().resolve("writer");
        Path source = Path.of("../verticles/src/test/bench/writer.c").toAbsolutePath();
        assumeTrue(ran("cc", "-O1", "-o", program.toString(), source.toString()), "needs a C compiler");
        return program + " stamp " + lines + " " + rate;
    }

    private static boolean ran(String... command) {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private static void assertEveryNumberOnce(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            int at = i;
            assertEquals(
                    String.format("%012d", i),
                    lines.get(i)
                            .substring(0, Math.min(NUMBER_DIGITS, lines.get(i).length())),
                    () -> "line " + at + " of " + lines.size());
        }
        assertEquals(LINES, lines.size());
    }

    private static boolean hasCome(Bunctl.Running follower, int number) {
        return follower.printed().contains(String.format("%012d", number));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bun", "c"})
    void everyNumber_throughRotation_aFollowerThatStalls_andTheDeathOfTheDaemon(String language) {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[{"name":"seq","command":"%s","restart_policy":"no",
                     "logs":{"max_size":"100K","keep":1000,"max_total":"1G"}}]}""".formatted(writer(bunctl, language, LINES, RATE)));
            bunctl.run("start", "seq").succeeded();
            Bunctl.Running follower = bunctl.start("logs", "seq", "-f", "-n", ALL, "--out");
            Bunctl.await(() -> "the follower began", () -> hasCome(follower, 100));

            HostProcesses.signal("STOP", follower.process().pid());
            Path log = bunctl.home().resolve("logs/seq-out.log");
            Bunctl.await(() -> "the app wrote on while nobody read", () -> put(log) > put(follower.out()) + 5);
            HostProcesses.signal("CONT", follower.process().pid());
            int met = numbers(bunctl.log("seq-out.log"));
            Bunctl.await(() -> "the follower caught up to " + met, () -> hasCome(follower, met));

            HostProcesses.signal("KILL", bunctl.daemonPid());
            Bunctl.await(
                    () -> "the last number was followed: " + follower.err(),
                    () -> follower.printed().contains(LAST));

            assertEveryNumberOnce(follower.printed().lines().toList());
            String read =
                    bunctl.run("logs", "seq", "-n", ALL, "--out").succeeded().out();
            assertEveryNumberOnce(read.lines().toList());
            assertTrue(put(log) >= 10, "" + put(log));
            follower.process().destroy();
        }
    }

    @Test
    void everyNumber_throughTheTerminationOfTheDaemon_andTheNextOne() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("going.ts", GOING_ON);
            bunctl.write("bunctl.json", """
                    {"apps":[{"name":"seq","command":"bun going.ts %d","restart_policy":"no",
                     "logs":{"max_size":"100K","keep":1000,"max_total":"1G"}}]}""".formatted(LINES));
            bunctl.run("start", "seq").succeeded();
            Path log = bunctl.home().resolve("logs/seq-out.log");
            Bunctl.await(() -> "files were put aside", () -> put(log) > 2);

            HostProcesses.signal("TERM", bunctl.daemonPid());
            Bunctl.await(
                    () -> "all ended: " + bunctl.processes(),
                    () -> bunctl.processes().isEmpty());
            int met = Integer.parseInt(Bunctl.read(bunctl.folder().resolve("next")));
            assertTrue(met > 0 && met < LINES, "it was ended on its way, at " + met);

            bunctl.run("start", "other", "--command", "sleep 1000").succeeded();
            bunctl.awaitStatus("seq:0", seen -> "stopped".equals(seen.get("state")));
            assertEveryNumberOnce(bunctl.run("logs", "seq", "-n", ALL, "--out")
                    .succeeded()
                    .out()
                    .lines()
                    .toList());
        }
    }

    /** How many files of this log were put aside; of a file that is none, how many would be. */
    private static long put(Path log) {
        try (var files = Files.list(log.getParent())) {
            String name = log.getFileName() + ".";
            long aside = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith(name) && !file.endsWith(".idx"))
                    .count();
            return aside > 0 ? aside : Files.size(log) / 100_000;
        } catch (IOException unreadable) {
            return 0;
        }
    }

    /** The last number in a text. */
    private static int numbers(String text) {
        List<String> lines = text.lines().filter(line -> line.length() == 99).toList();
        return lines.isEmpty() ? 0 : Integer.parseInt(lines.getLast().substring(0, NUMBER_DIGITS));
    }

    @Test
    void fullDisk_appRunsOn_andEveryMissingNumberIsAnnounced() throws IOException {
        try (Bunctl bunctl = new Bunctl()) {
            Path disk = Files.createDirectories(bunctl.folder().resolve("disk"));
            assumeTrue(
                    ran("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk.toString()),
                    "needs the right to mount a tmpfs");
            try {
                Path filler = Files.write(disk.resolve("filler"), new byte[256 * 1024]);
                bunctl.write("bunctl.json", """
                        {"apps":[{"name":"seq","command":"%s","restart_policy":"no","stdout_log":"%s",
                         "logs":{"when_full":"drop"}}]}""".formatted(writer(bunctl, "bun", LINES, RATE), disk.resolve("out.log")));
                bunctl.run("start", "seq").succeeded();
                Bunctl.await(() -> "the disk was full", () -> bunctl.daemonLog().contains("cannot be written"));
                assertEquals("online", bunctl.status("seq:0").get("state"));
                Files.delete(filler);
                Bunctl.await(
                        () -> "writing resumed by itself",
                        () -> Bunctl.read(disk.resolve("out.log")).contains("dropped: disk "));
                bunctl.awaitStatus("seq:0", seen -> !"online".equals(seen.get("state")));
                assertGapsAreAnnounced(bunctl.run("logs", "seq", "-n", ALL, "--out")
                        .succeeded()
                        .out()
                        .lines()
                        .toList());
            } finally {
                bunctl.run("kill").succeeded();
                assertTrue(ran("umount", "-l", disk.toString()));
            }
        }
    }

    private static void assertGapsAreAnnounced(List<String> lines) {
        Pattern announcement =
                Pattern.compile("\\[bunctl\\] ([0-9]+) lines? \\([0-9]+ bytes\\) dropped: disk (?:full|too slow)");
        int next = 0;
        int announced = 0;
        for (String line : lines) {
            Matcher gap = announcement.matcher(line);
            if (gap.matches()) {
                next += Integer.parseInt(gap.group(1));
                announced++;
            } else if (line.length() == 99) {
                assertEquals(String.format("%012d", next++), line.substring(0, NUMBER_DIGITS));
            }
        }
        assertTrue(announced > 0);
    }

    @Test
    void commands_readEmptyAndPutAside() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[{"name":"seq","command":"%s","restart_policy":"no"}]}""".formatted(writer(bunctl, "bun", 1000, 100_000)));
            bunctl.run("start", "seq").succeeded();
            bunctl.awaitStatus("seq:0", seen -> !"online".equals(seen.get("state")));
            assertEquals(1000, bunctl.log("seq-out.log").lines().count());

            String one = bunctl.run("logs", "seq", "--since", "1h", "--grep", "^0+42 ", "--json")
                    .succeeded()
                    .out();
            assertTrue(one.startsWith("{\"version\":1,\"at\":\"") && one.lines().count() == 1, one);
            assertEquals(
                    "", bunctl.run("logs", "seq", "--until", "1h").succeeded().out());
            bunctl.run("rotate", "seq").succeeded();
            assertEquals("", bunctl.log("seq-out.log"));
            assertEquals(
                    1000,
                    bunctl.run("logs", "seq", "--raw", "-n", ALL)
                            .succeeded()
                            .out()
                            .lines()
                            .count());
            bunctl.run("reloadLogs").succeeded();
            bunctl.run("flush").succeeded();
            assertEquals("", bunctl.run("logs", "seq", "-n", ALL).succeeded().out());
            bunctl.run("logs", "seq", "--grep", "(").failedWith(2);
            bunctl.run("flush", "nope").failedWith(4);
        }
    }
}
