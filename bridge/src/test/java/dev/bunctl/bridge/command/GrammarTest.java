package dev.bunctl.bridge.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Command.Scale.Count;
import dev.bunctl.bridge.message.Parallel;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.conf.LimitChanges;
import dev.bunctl.conf.LimitChanges.Wish;
import dev.bunctl.conf.Limits;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarTest {
    private static Request parse(String line) {
        return Grammar.parse(line.isEmpty() ? List.of() : List.of(line.split(" ")), false);
    }

    private static Command asked(String line) {
        return assertInstanceOf(Request.Ask.class, parse(line), line).command();
    }

    private static Request.Rejected rejected(String line) {
        return assertInstanceOf(Request.Rejected.class, parse(line), line);
    }

    private static Selection named(String... words) {
        return new Selection.Named(List.of(words));
    }

    @Test
    void setLimit_readsSizesPercentagesAndNone() {
        assertEquals(
                new LimitChanges(
                        new Wish.Become<>(512L << 20),
                        new Wish.Keep<>(),
                        new Wish.Become<>(12.5),
                        new Wish.Become<>(Limits.MAX_CPU_WEIGHT),
                        new Wish.Lift<>()),
                assertInstanceOf(
                                Command.SetLimits.class,
                                asked("set-limit api --max-memory 512M --max-cpu 12.5% --cpu-weight 10000"
                                        + " --max-pids none"))
                        .changes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set-limit api",
                "set-limit --max-pids 7",
                "set-limit api --max-memory 0",
                "set-limit api --max-memory much",
                "set-limit api --max-cpu 0",
                "set-limit api --max-cpu -5",
                "set-limit api --max-cpu NaN",
                "set-limit api --cpu-weight 10001",
                "set-limit api --max-pids 4194305",
                "set-limit api --max-pids 1.5"
            })
    void setLimit_ofWhatIsNoLimit_isRefused(String line) {
        assertInstanceOf(Request.Rejected.class, parse(line), line);
    }

    @Test
    void stop_names_areSelected() {
        assertEquals(new Command.Stop(named("api", "worker:1", "3")), asked("stop api worker:1 3"));
        assertEquals(new Command.Stop(new Selection.All()), asked("stop all"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "ls", "l", "ps", "status"})
    void list_pm2Names_askForStatus(String word) {
        assertEquals(new Command.Status(new Selection.All()), asked(word));
    }

    @ParameterizedTest
    @ValueSource(strings = {"describe api", "desc api", "show api"})
    void describe_pm2Names_askForDescription(String line) {
        assertEquals(new Command.Describe(named("api")), asked(line));
    }

    @Test
    void del_isDelete() {
        assertEquals(new Command.Delete(named("api")), asked("del api"));
    }

    @Test
    void json_isTakenByEveryCommandOfTheDaemonThatAnswers() {
        for (String line :
                List.of("status --json", "ping --json", "stop a --json", "describe --json a", "kill --json")) {
            assertTrue(assertInstanceOf(Request.Ask.class, parse(line)).json(), line);
        }
    }

    @Test
    void restart_flags_areRead() {
        Request.Ask ask = assertInstanceOf(Request.Ask.class, parse("restart api --update-env --no-wait"));
        assertTrue(ask.updateEnvironment());
        assertEquals(new Command.Restart(named("api"), false, OptionalInt.empty(), Optional.empty()), ask.command());
    }

    @Test
    void parallel_isReadUpToItsLimit() {
        assertEquals(new Command.Reload(named("api"), 1), asked("reload api"));
        assertEquals(new Command.Reload(named("api"), Parallel.MAX), asked("reload api --parallel " + Parallel.MAX));
        assertEquals(
                new Command.Restart(named("api"), true, OptionalInt.of(2), Optional.empty()),
                asked("restart api --parallel=2"));
        assertTrue(rejected("reload api --parallel 0").message().contains("1 to 1024"));
        assertTrue(rejected("reload api --parallel " + (Parallel.MAX + 1))
                .message()
                .contains("1 to 1024"));
        assertTrue(rejected("restart api --parallel 2 --no-wait").message().contains("--no-wait"));
    }

    @Test
    void scale_numbersWithAndWithoutSign_areRead() {
        assertEquals(new Command.Scale("api", new Count.To(4), true), asked("scale api 4"));
        assertEquals(new Command.Scale("api", new Count.By(2), true), asked("scale api +2"));
        assertEquals(new Command.Scale("api", new Count.By(-1), false), asked("scale api -1 --no-wait"));
        assertTrue(rejected("scale api many").message().contains("many"));
        assertTrue(rejected("scale api 99999999999").message().contains("99999999999"));
        assertTrue(rejected("scale api").message().contains("NAME N|+N|-N"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"signal", "sendSignal"})
    void signal_comesBeforeTheNames(String word) {
        assertEquals(new Command.SendSignal(named("api", "3"), "USR2"), asked(word + " USR2 api 3"));
        assertEquals(new Command.SendSignal(new Selection.All(), "HUP"), asked(word + " HUP all"));
        assertTrue(rejected(word + " HUP").message().contains("SIGNAL NAME"));
    }

    @Test
    void history_names_areSelected() {
        assertEquals(new Command.History(named("api:1")), asked("history api:1"));
    }

    @Test
    void start_everyOption_isRead() {
        assertEquals(
                new Request.Start(
                        List.of("server.ts"),
                        Optional.of("api"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("-1"),
                        Map.of("A", "b=c", "D", ""),
                        Optional.of("production"),
                        Optional.of("/app"),
                        Optional.of("512M"),
                        Optional.of("50"),
                        Optional.of("x.json"),
                        List.of("api", "b c", "d"),
                        false,
                        true,
                        true,
                        List.of("--port", "80", "--")),
                Grammar.parse(
                        words("start server.ts -n api -i -1 --env A=b=c --env=D= --env production --cwd /app"
                                + " --max-memory 512M --max-cpu=50 --config x.json --only api,b_c --only d --no-wait"
                                + " --update-env --json -- --port 80 --"),
                        false));
    }

    /** Words in which {@code _} is a space. */
    private static List<String> words(String line) {
        return Arrays.stream(line.split(" "))
                .map(word -> word.replace('_', ' '))
                .toList();
    }

    @Test
    void init_everyOption_isReadUnderItsOwnName() {
        assertEquals(
                new Request.Init(
                        Map.of(
                                "name",
                                "a",
                                "entry",
                                "x.ts",
                                "port",
                                "1",
                                "memory",
                                "1M",
                                "cpu",
                                "5",
                                "runtime",
                                "bun",
                                "autostart",
                                "false",
                                "instances",
                                "max",
                                "cwd",
                                "w",
                                "env-file",
                                ".env"),
                        Optional.empty(),
                        "yaml",
                        true,
                        true,
                        true,
                        true),
                parse("init --name a --script x.ts --port 1 --max-memory 1M --max-cpu 5 --interpreter bun --autostart"
                        + " false -i max --cwd w --env-file .env --format yaml --ecosystem --yes --force --json"));
    }

    @ParameterizedTest
    @CsvSource({"--autostart,true", "--autostart --yes,true", "--autostart false,false", "--autostart=false,false"})
    void optionWhoseValueMayBeLeftOut_takesOnlyAWordOfItsOwn(String words, String value) {
        Request.Init init = assertInstanceOf(Request.Init.class, parse("init " + words));
        assertEquals(Map.of("autostart", value), init.values());
    }

    @Test
    void configCommands_readWhichConfigurationIsMeant() {
        ConfigChoice choice =
                new ConfigChoice(Optional.of("f.json"), Optional.of("production"), List.of("api", "worker"));
        assertEquals(
                new Request.ShowConfig(choice, true, true),
                parse("config f.json --env production --only api,worker --explain --json"));
        assertEquals(
                new Request.Plan(choice, true, true),
                parse("plan --config f.json --env production --only api --only worker --exit-code --json"));
        assertEquals(
                new Request.Apply(choice, false, true),
                parse("apply f.json --env production --only api,worker --no-wait --json"));
        assertEquals(new Request.ShowSchema(), parse("config --schema"));
        assertEquals(
                new Request.Validate(List.of("a.json", "b.yaml"), Optional.of("x"), false),
                parse("validate a.json b.yaml --env x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config a.json --config b.json",
                "config --schema --json",
                "config --env A=b",
                "config --only ,",
                "start a.json --env one --env two",
                "start a.json --env =x",
                "init --from-ecosystem a.js --name x"
            })
    void configCommandsThatContradictThemselves_areRejected(String line) {
        assertInstanceOf(Request.Rejected.class, parse(line));
    }

    @Test
    void start_attachedShortValues_areRead() {
        Request.Start start = assertInstanceOf(Request.Start.class, parse("start a.ts -i4 -n=api"));
        assertEquals(Optional.of("4"), start.instances());
        assertEquals(Optional.of("api"), start.name());
    }

    @ParameterizedTest
    @CsvSource({
        "statsu,status",
        "strat a,start",
        "restrat a,restart",
        "lsit,list",
        "delte a,delete",
        "log,",
        "frobnicate,"
    })
    void unknownCommand_suggestsTheNearest(String line, String nearest) {
        if (line.equals("log")) {
            assertInstanceOf(Request.ReadLogs.class, parse(line));
            return;
        }
        Request.Rejected rejected = rejected(line);
        String hint = rejected.hint().orElseThrow();
        assertTrue(nearest == null ? hint.contains("bunctl help") : hint.contains("'bunctl " + nearest + "'"), hint);
    }

    @Test
    void unknownOption_suggestsTheNearest() {
        assertEquals(
                Optional.of("did you mean '--nostream'?"),
                rejected("logs --nostraem").hint());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stop",
                "delete",
                "restart",
                "describe",
                "reset",
                "ping api",
                "kill api",
                "stop --lines 3 a",
                "logs -n",
                "logs -n x",
                "logs -n -1",
                "logs -f --nostream",
                "logs --follow=yes",
                "start --env =b",
                "start -i many",
                "start a b --script x.ts",
                "start a --script x.ts --command y",
                "completion",
                "completion tcsh",
                "help frobnicate",
                "--frobnicate",
                "status -x"
            })
    void lineThatMakesNoSense_isRejected(String line) {
        assertTrue(rejected(line).message().length() > 10, line);
    }

    @Test
    void wordsAtLimit_areParsedAndOneMoreIsRefused() {
        List<String> atLimit = new java.util.ArrayList<>(java.util.Collections.nCopies(Grammar.MAX_WORDS, "x"));
        atLimit.set(0, "start");
        assertInstanceOf(Request.Start.class, Grammar.parse(atLimit, false));
        atLimit.add("x");
        assertInstanceOf(Request.Rejected.class, Grammar.parse(atLimit, false));
    }

    @Test
    void helpAndVersion_areFoundWhereverTheyStand() {
        assertInstanceOf(Request.ShowHelp.class, parse(""));
        assertInstanceOf(Request.ShowHelp.class, parse("--help"));
        assertInstanceOf(Request.ShowVersion.class, parse("--version"));
        assertInstanceOf(Request.ShowVersion.class, parse("-v"));
        Request.ShowHelp help = assertInstanceOf(Request.ShowHelp.class, parse("stop --help"));
        assertEquals("stop", help.command().orElseThrow().name());
        Request.ShowHelp named = assertInstanceOf(Request.ShowHelp.class, parse("help ls"));
        assertEquals("list", named.command().orElseThrow().name());
    }

    @Test
    void rest_behindTwoDashes_areNamesForCommandsWithoutArguments() {
        assertEquals(new Command.Stop(named("-odd")), asked("stop -- -odd"));
    }
}
