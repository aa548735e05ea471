package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bunctl.bridge.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bunctl run}: the foreground, signals, output and exit codes, as in a container. */
class RunIT {
    private static final String COUNTING = "let n = 0; setInterval(() => console.log(`line ${n++}`), 2);"
            + " process.on('SIGINT', () => process.exit(0));";

    private static void assertHomeIsGone(Bunctl bunctl) {
        assertFalse(Files.exists(bunctl.home()), () -> "the home is still there");
        assertEquals(List.of(), bunctl.processes());
    }

    private static long guard(Bunctl bunctl) {
        return pid(bunctl, "bunctl-guard ");
    }

    private static long pid(Bunctl bunctl, String words) {
        return bunctl.processes().stream()
                .filter(process -> process.contains(words))
                .map(process -> Long.parseLong(process.substring(0, process.indexOf(' '))))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + words + " in " + bunctl.processes()));
    }

    private static void awaitPrinted(Bunctl.Running running, String text) {
        Bunctl.await(
                () -> text + " was printed, not " + running.printed() + Bunctl.read(running.err()),
                () -> running.printed().contains(text));
    }

    @ParameterizedTest
    @CsvSource({"exit 0,0", "exit 7,7", "kill -TERM $$,143", "kill -SEGV $$,139"})
    void exitCode_isThatOfTheApp(String script, int code) {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("app.sh", "echo out; echo err >&2; " + script + "\n");
            Bunctl.Result result =
                    bunctl.run("run", "app.sh", "--restart", "no").failedWith(code);
            assertEquals("out\n", result.out());
            assertTrue(result.err().startsWith("err\n"), result.err());
            assertHomeIsGone(bunctl);
        }
    }

    @Test
    void failedApp_isRestarted_untilItSucceeds() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("app.sh", "echo life >>lives; [ $(wc -l <lives) -ge 3 ] && exit 0; exit 4\n");
            Bunctl.Result result = bunctl.run("run", "app.sh").succeeded();
            assertEquals(
                    3, Bunctl.read(bunctl.folder().resolve("lives")).lines().count());
            assertTrue(result.err().contains("[bunctl] app:0: exit code 4"), result.err());
        }
    }

    @Test
    void firstFailure_decides_andTheOthersRunOn() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[
                      {"name":"first","command":"sh -c 'exit 3'","restart_policy":"no"},
                      {"name":"second","command":"sh -c 'while [ ! -e go ]; do sleep 0.05; done; echo went; exit 4'",
                       "restart_policy":"no"}]}""");
            Bunctl.Running running = bunctl.start("run");
            Bunctl.await(
                    () -> "the first has failed: " + Bunctl.read(running.err()),
                    () -> Bunctl.read(running.err()).contains("first:0: exit code 3"));
            bunctl.write("go", "");
            Bunctl.Result result = bunctl.await(running).failedWith(3);
            assertEquals("second:0 | went\n", result.out());
            assertHomeIsGone(bunctl);
        }
    }

    @Test
    void appThatWaitsForTheEndOfAnother_isStillRun() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[
                      {"name":"migrate","command":"sh -c 'echo migrated'","restart_policy":"no"},
                      {"name":"after","command":"sh -c 'echo after'","restart_policy":"no",
                       "depends_on":{"migrate":"completed"}}]}""");
            Bunctl.Result result = bunctl.run("run", "--raw").succeeded();
            assertEquals("migrated\nafter\n", result.out());
        }
    }

    /** There is no file in which the line could be looked for. */
    @ParameterizedTest
    @ValueSource(strings = {"", ">&2"})
    void lineThatShowsReadiness_isSeenAsItPasses(String where) {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("database.sh", """
                    trap 'exit 0' TERM INT
                    echo begins
                    while [ ! -e go ]; do sleep 0.05; done
                    echo 'listening on 5432' %s
                    while :; do sleep 0.05; done""".formatted(where));
            bunctl.write("bunctl.json", """
                    {"apps":[
                      {"name":"database","command":"sh database.sh","ready":{"log":"listening on [0-9]+"}},
                      {"name":"after","command":"sh -c 'echo after; exit 3'","restart_policy":"no","depends_on":["database"]}]}""");
            Bunctl.Running running = bunctl.start("run", "--raw");
            awaitPrinted(running, "begins");
            assertFalse(running.printed().contains("after"), running.printed());
            bunctl.write("go", "");
            awaitPrinted(running, "after");
            HostProcesses.signal("TERM", guard(bunctl));
            bunctl.await(running).failedWith(3);
        }
    }

    @Test
    void appWhoseDependencyFailed_doesNotKeepTheRun() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[
                      {"name":"migrate","command":"sh -c 'exit 9'","restart_policy":"no"},
                      {"name":"after","command":"sh -c 'echo after'","depends_on":{"migrate":"completed"}}]}""");
            assertEquals("", bunctl.run("run", "--raw").failedWith(9).out());
        }
    }

    @Test
    void json_isOneObjectALine() throws IOException {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("app.sh", "echo 'say \"hi\"'; echo bad >&2; exit 2\n");
            Bunctl.Result result =
                    bunctl.run("run", "app.sh", "--restart", "no", "--json").failedWith(2);
            assertEquals("say \"hi\"", Json.readObject(result.out()).get("message"));
            List<String> types = new ArrayList<>();
            for (String line : result.err().lines().toList()) {
                types.add(String.valueOf(Json.readObject(line).get("type")));
            }
            assertEquals(List.of("err", "bunctl"), types);
        }
    }

    @Test
    void signals_reachTheApp_andTermStopsIt() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("app.ts", """
                    for (const name of ["SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"]) {
                        process.on(name, () => console.log(name));
                    }
                    process.on("SIGINT", () => { console.log("bye"); process.exit(0); });
                    console.log("up"); setInterval(() => {}, 1000);""");
            Bunctl.Running running = bunctl.start("run", "app.ts");
            awaitPrinted(running, "up");
            for (String name : List.of("HUP", "QUIT", "USR1", "USR2")) {
                HostProcesses.signal(name, guard(bunctl));
                awaitPrinted(running, "SIG" + name);
            }
            HostProcesses.signal("TERM", guard(bunctl));
            Bunctl.Result result = bunctl.await(running).succeeded();
            assertTrue(result.out().endsWith("bye\n"), result.out());
            assertEquals("", result.err());
            assertHomeIsGone(bunctl);
        }
    }

    @Test
    void appThatDoesNotStop_isKilled_andTheCodeSaysSo() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[{"name":"deaf","command":"sh -c 'trap \\"\\" INT TERM; echo up; while :; do sleep 1; done'",
                              "kill_timeout":100}]}""");
            Bunctl.Running running = bunctl.start("run");
            awaitPrinted(running, "up");
            HostProcesses.signal("INT", guard(bunctl));
            Bunctl.Result result = bunctl.await(running).failedWith(137);
            assertTrue(result.err().contains("deaf:0: did not stop in its time"), result.err());
        }
    }

    @Test
    void askedAgain_killsAtOnce() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[{"name":"deaf","command":"sh -c 'trap \\"\\" INT TERM; echo up; while :; do sleep 1; done'",
                              "kill_timeout":600000}]}""");
            Bunctl.Running running = bunctl.start("run");
            awaitPrinted(running, "up");
            long guard = guard(bunctl);
            Bunctl.await(() -> "the run ended", () -> {
                ProcessHandle.of(guard).ifPresent(ProcessHandle::destroy);
                return !running.process().isAlive();
            });
            bunctl.await(running).failedWith(137);
            assertHomeIsGone(bunctl);
        }
    }

    @Test
    void killedDaemon_costsNoApp_andNoMoreOutputThanItHeld() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("count.ts", COUNTING);
            Bunctl.Running running = bunctl.start("run", "count.ts");
            awaitPrinted(running, "line 100\n");
            long app = pid(bunctl, "count.ts");
            for (int n = 2; n < 4; n++) {
                long daemon = bunctl.daemonPid();
                HostProcesses.signal("KILL", daemon);
                awaitPrinted(running, "line " + n * 500 + "\n");
            }
            assertTrue(HostProcesses.runs(app));
            HostProcesses.signal("TERM", guard(bunctl));
            List<String> lines = bunctl.await(running).succeeded().out().lines().toList();
            int gaps = 0;
            int next = 0;
            for (String line : lines) {
                int number = Integer.parseInt(line.substring("line ".length()));
                assertTrue(number >= next, () -> line + " came twice");
                gaps += number > next ? 1 : 0;
                next = number + 1;
            }
            assertTrue(gaps <= 2, "in " + gaps + " places lines are missing after two killed daemons");
        }
    }

    @Test
    void killedGuard_takesItsAppsAndItsHomeWithIt() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("count.ts", COUNTING);
            Bunctl.Running running = bunctl.start("run", "count.ts");
            awaitPrinted(running, "line 10\n");
            HostProcesses.signal("KILL", guard(bunctl));
            Bunctl.await(
                    () -> "nothing is left: " + bunctl.processes(),
                    () -> bunctl.processes().isEmpty());
            Bunctl.await(() -> "the home is gone", () -> !Files.exists(bunctl.home()));
        }
    }

    @Test
    void readerThatGoes_endsTheRun() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("count.ts", COUNTING);
            Bunctl.Result result = bunctl.program(
                    Path.of("/bin/sh"),
                    "-c",
                    "{ '" + Bunctl.DISTRIBUTION.resolve("bin/bunctl") + "' run count.ts; echo $? >code; } | head -n 1");
            assertEquals("line 0\n", result.out());
            Bunctl.await(
                    () -> "the exit code",
                    () -> Bunctl.read(bunctl.folder().resolve("code")).equals("141\n"));
            assertHomeIsGone(bunctl);
        }
    }

    @Test
    void withoutAHome_oneIsMadeInMemoryAndRemoved_andNothingElseIsWritten() throws IOException {
        try (Bunctl bunctl = new Bunctl().without("BUNCTL_HOME")) {
            Path memory = Files.createDirectory(bunctl.folder().resolve("m"));
            bunctl.with("XDG_RUNTIME_DIR", memory.toString());
            bunctl.write("app.sh", "echo $BUNCTL_HOME; echo [$BUNCTL_RUN$BUNCTL_SOFT_FILES]; ls $BUNCTL_HOME\n");
            List<String> said =
                    bunctl.run("run", "app.sh").succeeded().out().lines().toList();
            assertEquals(memory.toString(), Path.of(said.getFirst()).getParent().toString());
            assertEquals("[]", said.get(1));
            assertFalse(said.contains("logs") || said.contains("daemon.log"), said.toString());
            try (Stream<Path> left = Files.list(memory)) {
                assertEquals(List.of(), left.toList());
            }
            assertFalse(Files.exists(bunctl.folder().resolve(".bunctl")));
        }
    }

    @Test
    void filesThatTheConfigurationNames_areWritten() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[{"name":"a","command":"sh -c 'echo out; echo err >&2'","restart_policy":"no",
                              "error_file":"err.log"}]}""");
            Bunctl.Result result = bunctl.run("run").succeeded();
            assertEquals("out\n", result.out());
            assertEquals("", result.err());
            assertEquals(
                    "err\n",
                    Bunctl.read(bunctl.folder().resolve("err-0.log"))
                            + Bunctl.read(bunctl.folder().resolve("err.log")));
        }
    }

    @Test
    void whatCannotBeRun_isSaidWithTheUsualCode() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("run", "nowhere.ts").failedWith(5);
            bunctl.run("run", "--no-such-option").failedWith(2);
            bunctl.run("run", "--raw", "--json", "x.ts").failedWith(2);
            assertHomeIsGone(bunctl);
        }
    }

    @Test
    void homeWithAppsOfItsOwn_isLeftAlone() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "kept", "--command", "sleep 1000").succeeded();
            bunctl.run("kill").succeeded();
            bunctl.write("app.sh", "echo never\n");
            Bunctl.Result refused = bunctl.run("run", "app.sh").failedWith(1);
            assertTrue(refused.err().contains("keep"), refused.err());
            bunctl.run("start", "kept").succeeded();
        }
    }

    @Test
    void asPid1_itReapsOrphansAndStopsOnTerm() {
        assumeTrue(mayUnshare(), "this test may not make a PID namespace");
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("app.sh", """
                    echo "parent $PPID"
                    for n in 1 2 3 4 5; do sh -c 'sleep 0.1 & echo $! >>orphans'; done
                    for orphan in $(cat orphans); do while [ -e /proc/$orphan ]; do sleep 0.05; done; done
                    echo reaped
                    trap 'echo bye; exit 0' INT
                    while :; do sleep 0.05; done
                    """);
            Bunctl.Running running = bunctl.startProgram(
                    Path.of("/usr/bin/unshare"),
                    "--fork",
                    "--pid",
                    "--mount-proc",
                    Bunctl.DISTRIBUTION.resolve("bin/bunctl").toString(),
                    "run",
                    "app.sh");
            awaitPrinted(running, "reaped");
            HostProcesses.signal("TERM", pid(bunctl, "lib/bunctl-guard "));
            Bunctl.Result result = bunctl.await(running).succeeded();
            assertTrue(result.out().endsWith("bye\n"), result.toString());
            assertHomeIsGone(bunctl);
        }
    }

    private static boolean mayUnshare() {
        try {
            return new ProcessBuilder("unshare", "--fork", "--pid", "--mount-proc", "true")
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }
}
