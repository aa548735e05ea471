package dev.bunctl.bridge.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.ClusterCommand;
import dev.bunctl.bridge.message.ClusterCommand.OnNodes;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Selection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterCommandsTest {
    private static final Selection ALL = new Selection.All();

    private static Request parsed(String line) {
        return Grammar.parse(List.of(line.split(" ")), false);
    }

    private static Command asked(String line) {
        return assertInstanceOf(Request.Ask.class, parsed(line)).command();
    }

    private static Selection named(String... words) {
        return new Selection.Named(List.of(words));
    }

    @Test
    void enable_needsNameAndHosts_andTakesFilesTogether() {
        assertEquals(
                new Request.JoinCluster(
                        "alpha", List.of("b", "c:9"), Optional.empty(), OptionalInt.empty(), Optional.empty(), false),
                parsed("cluster enable --node alpha --join b,c:9"));
        assertEquals(
                new Request.JoinCluster(
                        "alpha",
                        List.of("b"),
                        Optional.of("10.0.0.1"),
                        OptionalInt.of(99),
                        Optional.of(new Request.NodeFiles("a.pem", "a.key", "ca.pem")),
                        true),
                parsed("cluster enable --node alpha --join b --interface 10.0.0.1 --port 99 --cert a.pem --key a.key"
                        + " --ca ca.pem --json"));
        assertEquals(new Request.LeaveCluster(false), parsed("cluster disable"));
        assertEquals(new ClusterCommand.ShowNodes(), asked("nodes"));
    }

    @Test
    void nodes_wrapTheCommandThatTheyAreFor() {
        assertEquals(new OnNodes(ALL, new Command.Status(ALL)), asked("status --nodes all"));
        assertEquals(
                new OnNodes(named("alpha", "beta"), new Command.Stop(named("api"))),
                asked("stop api --nodes alpha,beta,alpha"));
        assertEquals(
                new OnNodes(named("beta"), new Command.StartKnown(named("api"), false)),
                asked("start api --no-wait --nodes beta"));
        assertEquals(new Command.Stop(named("api")), asked("stop api"));
    }

    @Test
    void nodeBeforeAnApp_isTheNodeOfTheCommand() {
        assertEquals(
                new OnNodes(named("beta"), new Command.Describe(named("api", "worker:1"))),
                asked("describe beta/api beta/worker:1"));
        assertEquals(new OnNodes(named("beta"), new Command.Stop(ALL)), asked("stop beta/all"));
        OnNodes scaled = assertInstanceOf(OnNodes.class, asked("scale beta/api +2"));
        assertEquals(named("beta"), scaled.nodes());
        assertEquals(
                "api", assertInstanceOf(Command.Scale.class, scaled.command()).app());
    }

    @Test
    void logs_areReadAtTheNodes() {
        Request.ReadLogs beta = assertInstanceOf(Request.ReadLogs.class, parsed("logs beta/api -f"));
        assertEquals(Optional.of(named("beta")), beta.nodes());
        assertEquals(named("api"), beta.selection());
        assertTrue(beta.query().follow());
        assertEquals(
                Optional.of(ALL),
                assertInstanceOf(Request.ReadLogs.class, parsed("logs --nodes all"))
                        .nodes());
        assertEquals(
                Optional.empty(),
                assertInstanceOf(Request.ReadLogs.class, parsed("logs")).nodes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cluster enable --node alpha",
                "cluster enable --join b",
                "cluster enable --node all --join b",
                "cluster enable --node a --join b --cert c",
                "cluster disable --node a",
                "cluster leave",
                "stop alpha/api beta/api",
                "stop alpha/api api",
                "stop alpha/api --nodes beta",
                "stop api --nodes al/pha",
                "stop api --nodes alpha,,beta",
                "restart alpha/api --update-env",
                "start server.ts --name api --nodes beta",
                "start --nodes beta",
                "save --nodes beta"
            })
    void whatMakesNoSense_isRejected(String line) {
        assertInstanceOf(Request.Rejected.class, parsed(line));
    }

    private static final Map<String, String> TRAVELLING = Map.ofEntries(
            Map.entry("start", "start api"),
            Map.entry("stop", "stop api"),
            Map.entry("restart", "restart api"),
            Map.entry("reload", "reload api"),
            Map.entry("scale", "scale api 2"),
            Map.entry("signal", "signal HUP api"),
            Map.entry("delete", "delete api"),
            Map.entry("set-limit", "set-limit api --max-cpu 50"),
            Map.entry("watch", "watch api"),
            Map.entry("unwatch", "unwatch api"),
            Map.entry("list", "list"),
            Map.entry("logs", "logs"),
            Map.entry("flush", "flush"),
            Map.entry("rotate", "rotate"),
            Map.entry("reload-logs", "reload-logs"),
            Map.entry("describe", "describe api"),
            Map.entry("history", "history api"),
            Map.entry("reset", "reset api"),
            Map.entry("ping", "ping"));

    @Test
    void commandsThatTravel_areThose_andTakeTheOption() {
        Set<String> travelling = CommandTable.all().stream()
                .filter(CommandSpec::travels)
                .map(CommandSpec::name)
                .collect(Collectors.toSet());
        assertEquals(TRAVELLING.keySet(), travelling);
        for (String line : TRAVELLING.values()) {
            Request request = parsed(line + " --nodes beta");
            boolean isForNodes = switch (request) {
                case Request.Ask(OnNodes(Selection nodes, var _), var _, var _) -> nodes.equals(named("beta"));
                case Request.ReadLogs logs -> logs.nodes().equals(Optional.of(named("beta")));
                case Request other -> false;
            };
            assertTrue(isForNodes, () -> line + ": " + request);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill", "nodes", "save", "web", "listen", "token list"})
    void otherCommands_areForOneHost(String line) {
        assertInstanceOf(Request.Rejected.class, parsed(line + " --nodes beta"));
    }

    @Test
    void pathThatBeginsWithNoNode_isAnAppThatTheDaemonDoesNotKnow() {
        for (String word : List.of("../state/desired", "/etc/passwd", "alpha,beta/api")) {
            assertEquals(new Command.Describe(named(word)), asked("describe " + word));
        }
    }

    @Test
    void start_ofAFileWithASlash_isForThisHost() {
        assertTrue(parsed("start src/api.ts") instanceof Request.Start);
    }
}
