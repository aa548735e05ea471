package dev.bunctl.bridge.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.wire.Json;
import dev.bunctl.conf.AppName;
import dev.bunctl.conf.EnvironmentMask;
import dev.bunctl.conf.LimitChanges;
import dev.bunctl.conf.LimitChanges.Wish;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.Origin;
import dev.bunctl.conf.daemon.Endpoint;
import dev.bunctl.conf.daemon.MutualTls;
import dev.bunctl.conf.daemon.Tls;
import dev.bunctl.conf.field.Change;
import dev.bunctl.conf.plan.Difference;
import dev.bunctl.conf.plan.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {
    private static final Selection ALL = new Selection.All();
    private static final Selection SOME = new Selection.Named(List.of("api", "worker:1", "3"));

    private static final String READING = "0123456789abcdef0123456789abcdef";
    private static final LogQuery QUERY = new LogQuery(
            7,
            true,
            true,
            false,
            Optional.of(Instant.EPOCH),
            Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
            Optional.of("err.*"));

    private static final Origin ORIGIN = new Origin(Path.of("/srv/bunctl.json"), Optional.of("production"), true);

    private static final TokenEntry TOKEN = new TokenEntry(
            "ci", Command.Role.OBSERVER, Instant.EPOCH, Optional.of(Instant.parse("2026-01-01T00:00:00Z")));

    static Stream<Command> everyCommand() {
        return Stream.of(
                new Command.Ping(),
                new ClusterCommand.ShowNodes(),
                new ClusterCommand.Leave(),
                new ClusterCommand.Join(
                        "alpha", List.of("b", "c:1"), Optional.empty(), OptionalInt.empty(), Optional.empty()),
                new ClusterCommand.Join(
                        "alpha",
                        List.of("b"),
                        Optional.of("10.0.0.1"),
                        OptionalInt.of(1),
                        Optional.of(new MutualTls(Path.of("/c"), Path.of("/k"), Path.of("/a")))),
                new ClusterCommand.OnNodes(ALL, new Command.Status(ALL)),
                new ClusterCommand.OnNodes(new Selection.Named(List.of("beta")), new Command.Stop(SOME)),
                new Command.Status(ALL),
                new Command.Describe(SOME),
                new Command.Start(List.of(Samples.spec("api"), Samples.spec("b")), false),
                new Command.Start(List.of(Samples.spec("api")), true, true, Optional.of(ORIGIN)),
                new Command.Plan(new Configuration(List.of(), ORIGIN, List.of("gone"))),
                new Command.Apply(
                        new Configuration(
                                List.of(Samples.spec("api")),
                                new Origin(Path.of("/b.yaml"), Optional.empty(), false),
                                List.of()),
                        false),
                new Command.StartKnown(SOME, true),
                new Command.Stop(ALL),
                new Command.Restart(SOME, false, OptionalInt.empty(), Optional.of(Map.of("A", "b"))),
                new Command.Restart(ALL, true, OptionalInt.of(3), Optional.empty()),
                new Command.Reload(SOME),
                new Command.Reload(SOME, Parallel.MAX),
                new Command.Scale("api", new Command.Scale.Count.To(4), true),
                new Command.Scale("api", new Command.Scale.Count.By(-1), false),
                new Command.SendSignal(SOME, "SIGUSR2"),
                new Command.History(ALL),
                new Command.UsageHistory(Optional.of("api")),
                new Command.UsageHistory(Optional.empty()),
                new Command.RecentEvents(),
                new Command.Web(false, Optional.empty(), OptionalInt.empty()),
                new Command.Web(true, Optional.of("::1"), OptionalInt.of(0)),
                new Command.Delete(SOME),
                new Command.Reset(ALL),
                new Command.SetLimits(
                        SOME,
                        new LimitChanges(
                                new Wish.Become<>(512L << 20),
                                new Wish.Lift<>(),
                                new Wish.Become<>(12.5),
                                new Wish.Keep<>(),
                                new Wish.Become<>(Limits.MAX_PROCESSES))),
                new Command.Watch(SOME, true),
                new Command.Watch(ALL, false),
                new Command.Kill(),
                new Command.Save(new SnapshotName("a.b-1")),
                new Command.Resurrect(SnapshotName.DEFAULT, false),
                new Command.Update("/opt/bunctl/lib/bunctl-guard"),
                new Command.FlushLogs(SOME),
                new Command.RotateLogs(ALL),
                new Command.ReloadLogs(),
                new AccessCommand.CreateToken("ci", Command.Role.OPERATOR, Optional.of(Duration.ofDays(30))),
                new AccessCommand.CreateToken("laptop of m", Command.Role.ADMIN, Optional.empty()),
                new AccessCommand.ListTokens(),
                new AccessCommand.RevokeToken("ci"),
                new AccessCommand.Listen(
                        true,
                        Optional.of("0.0.0.0"),
                        OptionalInt.of(9616),
                        Optional.of(new Tls(
                                new Tls.Certificate.Files(Path.of("/c.pem"), Path.of("/k.pem")),
                                Optional.of(Path.of("/ca.pem"))))),
                new AccessCommand.Listen(true, Optional.empty(), OptionalInt.empty(), Optional.of(Tls.NONE)),
                new AccessCommand.Listen(false, Optional.empty(), OptionalInt.empty(), Optional.of(Tls.OWN)),
                new AccessCommand.Listen(false, Optional.empty(), OptionalInt.empty(), Optional.empty()),
                new AccessCommand.ShowListener(),
                new LogReading.Open(READING, SOME, QUERY, Optional.empty()),
                new LogReading.Open(
                        READING,
                        ALL,
                        QUERY,
                        Optional.of(new LogReading.Place(Instant.EPOCH, Map.of("/a-out.log", "1:2:3")))),
                new LogReading.Next(READING, 7),
                new LogReading.Close(READING),
                new Command.Logs(SOME, QUERY));
    }

    static Stream<Answer> everyAnswer() {
        return Stream.of(
                new Answer.Pong(1, 2, "0.1.0", 3, "/home/u/.bunctl"),
                new Answer.Nodes(Optional.empty(), List.of(), Optional.of("This node is about to join.")),
                new Answer.Nodes(
                        Optional.of("alpha"),
                        List.of(
                                new NodeEntry("alpha", true, Optional.empty(), "0.1.0", 3, 2),
                                new NodeEntry("beta", false, Optional.of(Instant.EPOCH), "0.2.0", 0, 0)),
                        Optional.empty()),
                new Answer.OfNodes(List.of(
                        new NodeAnswer("alpha", Optional.empty(), new Answer.Pong(1, 2, "0.1.0", 3, "/h")),
                        new NodeAnswer(
                                "beta",
                                Optional.of(Instant.EPOCH),
                                new Answer.Refused(ErrorCode.UNREACHABLE, "lost", Optional.empty())))),
                new Answer.LogBatch(
                        3,
                        List.of(new LogEntry(
                                Instant.EPOCH, "api", OptionalInt.of(1), "stderr", new LogEntry.Line("said"))),
                        new LogReading.Place(Instant.EPOCH, Map.of("/a-out.log", "1:2:3")),
                        true),
                new Answer.Status(
                        List.of(Samples.online(0, "api", 0), Samples.errored(1, "b", 0)),
                        List.of("limits are not kept"),
                        List.of(
                                new HostCapability("limits.cpu", true, "cgroup v2"),
                                new HostCapability("limits.memory", false, "no controller"))),
                new Answer.Description(
                        List.of(new Answer.AppDescription(
                                Samples.spec("api"),
                                List.of(Samples.online(0, "api", 0)),
                                List.of(Samples.crash()),
                                List.of(Samples.accounting("api:0"), Samples.sampled("api:1")),
                                Optional.of(new Origin(Path.of("/srv/bunctl.toml"), Optional.of("prod"), true)))),
                        List.of("limits are not kept")),
                new Answer.History(List.of(Samples.crash(), Samples.killed())),
                new Answer.UsageHistory(
                        List.of(Instant.ofEpochMilli(1000), Instant.ofEpochMilli(3000)),
                        List.of(new UsageSeries(
                                "api:0", Map.of(UsageSeries.Quantity.CPU_PERCENT, List.of(Float.NaN, 1.25f))))),
                new Answer.RecentEvents(List.of(new AppEvent(
                        Instant.ofEpochMilli(5),
                        "exited",
                        "api:0",
                        InstanceStatus.State.ERRORED,
                        OptionalLong.empty(),
                        3,
                        2,
                        OptionalInt.of(1),
                        "gave up"))),
                new Answer.LogLines(
                        List.of(
                                new LogEntry(
                                        Instant.ofEpochMilli(5),
                                        "api",
                                        OptionalInt.of(1),
                                        "stdout",
                                        new LogEntry.Line("x")),
                                new LogEntry(
                                        Instant.ofEpochMilli(6),
                                        "api",
                                        OptionalInt.empty(),
                                        "combined",
                                        new LogEntry.Gap("deleted"))),
                        false),
                new Answer.Web(
                        Optional.of("https://127.0.0.1:9615/#x"),
                        Optional.of(new Endpoint("0.0.0.0", 9615)),
                        Optional.of("AA:BB")),
                Answer.Web.CLOSED,
                new Answer.Changed(
                        List.of(new Answer.InstanceResult("api:0", false, "exited with 1", List.of("boom"))),
                        List.of(Samples.errored(0, "api", 0)),
                        List.of()),
                new Answer.Planned(
                        List.of(
                                new Step(new AppName("api"), Step.Action.START, List.of()),
                                new Step(
                                        new AppName("b c"),
                                        Step.Action.CHANGE_LIVE,
                                        List.of(new Difference("max_memory", "", "1G", Change.LIVE)))),
                        List.of("b c is stopped")),
                new Answer.Tokens(List.of(TOKEN)),
                new Answer.TokenMade(TOKEN, "bunctl_x"),
                new Answer.Listening(
                        true, "::1", 9616, "own", true, Optional.of("AB:CD"), Optional.of("no such address"), 3),
                new Answer.Listening(false, "127.0.0.1", 0, "none", false, Optional.empty(), Optional.empty(), 0),
                new Answer.Refused(ErrorCode.UNKNOWN_APP, "no app is called 'x'", Optional.of("see bunctl list")),
                new Answer.Refused(ErrorCode.LIMIT, "too many", Optional.empty()));
    }

    private static Map<String, @Nullable Object> overTheWire(Map<String, @Nullable Object> body) throws Exception {
        return Json.readObject(Json.write(body));
    }

    @ParameterizedTest
    @MethodSource("everyCommand")
    void command_thereAndBack_isTheSame(Command command) throws Exception {
        assertEquals(command, MessageCodec.toCommand(overTheWire(MessageCodec.toMap(command))));
    }

    @ParameterizedTest
    @MethodSource("everyAnswer")
    void answer_thereAndBack_isTheSame(Answer answer) throws Exception {
        assertEquals(answer, MessageCodec.toAnswer(overTheWire(MessageCodec.toMap(answer))));
    }

    @Test
    void everyKind_isAmongTheSamples() {
        assertEquals(
                kindsOf(Command.class),
                everyCommand().map(Object::getClass).distinct().count());
        assertEquals(
                Answer.class.getPermittedSubclasses().length,
                everyAnswer().map(Object::getClass).distinct().count());
    }

    /** Those of sealed kinds within it included. */
    private static long kindsOf(Class<?> sealed) {
        return Stream.of(sealed.getPermittedSubclasses())
                .mapToLong(kind -> kind.isSealed() ? kindsOf(kind) : 1)
                .sum();
    }

    @Test
    void event_thereAndBack_isTheSame() throws Exception {
        AppEvent event = new AppEvent(
                Instant.parse("2026-01-31T08:00:00.123Z"),
                "exited",
                "api:0",
                InstanceStatus.State.WAITING_RESTART,
                OptionalLong.empty(),
                3,
                2,
                OptionalInt.of(1),
                "starts again in 100 ms");
        assertEquals(event, MessageCodec.toEvent(overTheWire(MessageCodec.toMap(event))));
    }

    @Test
    void status_body_hasThePublishedShape() {
        Answer answer = new Answer.Status(List.of(Samples.online(0, "api", 0)), List.of(), List.of());
        assertEquals(
                "{\"version\":1,\"answer\":\"status\",\"apps\":[{\"id\":0,\"name\":\"api\",\"instance\":0,"
                        + "\"namespace\":\"default\",\"pid\":4242,\"state\":\"online\",\"generation\":1,\"restarts\":0,"
                        + "\"uptime_ms\":1234,\"cpu_percent\":0.1,\"memory_bytes\":28311552,\"exit_code\":null,"
                        + "\"reason\":\"up\",\"out_log\":\"/home/u/.bunctl/logs/api-out.log\","
                        + "\"err_log\":\"/home/u/.bunctl/logs/api-error.log\"}],\"warnings\":[]}",
                Json.write(MessageCodec.toMap(answer)));
    }

    @Test
    void command_unknownMember_isIgnored() throws Exception {
        assertEquals(
                new Command.Ping(),
                MessageCodec.toCommand(Json.readObject("{\"version\":1,\"command\":\"ping\",\"later\":[1]}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"command\":\"ping\"}",
                "{\"version\":2,\"command\":\"ping\"}",
                "{\"version\":\"1\",\"command\":\"ping\"}",
                "{\"version\":1}",
                "{\"version\":1,\"command\":\"explode\"}",
                "{\"version\":1,\"command\":7}",
                "{\"version\":1,\"command\":\"stop\"}",
                "{\"version\":1,\"command\":\"stop\",\"apps\":[]}",
                "{\"version\":1,\"command\":\"stop\",\"apps\":\"api\"}",
                "{\"version\":1,\"command\":\"stop\",\"apps\":[1]}",
                "{\"version\":1,\"command\":\"delete\",\"apps\":null}",
                "{\"version\":1,\"command\":\"logs\",\"lines\":-1}",
                "{\"version\":1,\"command\":\"logs\",\"lines\":1000001}",
                "{\"version\":1,\"command\":\"logs\",\"since\":\"yesterday\"}",
                "{\"version\":1,\"command\":\"restart\",\"apps\":\"all\",\"environment\":{\"A\":1}}",
                "{\"version\":1,\"command\":\"restart\",\"apps\":\"all\",\"until_ready\":\"yes\"}",
                "{\"version\":1,\"command\":\"set_limits\",\"apps\":\"all\"}",
                "{\"version\":1,\"command\":\"set_limits\",\"max_processes\":7}",
                "{\"version\":1,\"command\":\"set_limits\",\"apps\":\"all\",\"max_memory_bytes\":0}",
                "{\"version\":1,\"command\":\"set_limits\",\"apps\":\"all\",\"max_memory_bytes\":\"1G\"}",
                "{\"version\":1,\"command\":\"set_limits\",\"apps\":\"all\",\"cpu_weight\":10001}",
                "{\"version\":1,\"command\":\"set_limits\",\"apps\":\"all\",\"max_cpu_percent\":-1}",
                "{\"version\":1,\"command\":\"plan\",\"specs\":[]}",
                "{\"version\":1,\"command\":\"apply\",\"specs\":[],\"origin\":{\"file\":\"relative.json\"}}",
                "{\"version\":1,\"command\":\"apply\",\"specs\":[],\"origin\":{\"file\":\"/a\\u0000b\"}}",
                "{\"version\":1,\"command\":\"apply\",\"specs\":[],\"origin\":{\"file\":\"/a\"},\"only\":[7]}",
                "{\"version\":1,\"command\":\"restart\",\"apps\":\"all\",\"parallel\":0}",
                "{\"version\":1,\"command\":\"reload\",\"apps\":\"all\",\"parallel\":1025}",
                "{\"version\":1,\"command\":\"scale\",\"app\":\"api\"}",
                "{\"version\":1,\"command\":\"scale\",\"app\":\"api\",\"to\":1,\"by\":1}",
                "{\"version\":1,\"command\":\"scale\",\"app\":\"api\",\"to\":5000000000}",
                "{\"version\":1,\"command\":\"signal\",\"apps\":[\"api\"]}",
                "{\"version\":1,\"command\":\"open_logs\"}",
                "{\"version\":1,\"command\":\"open_logs\",\"reading\":\"0123\"}",
                "{\"version\":1,\"command\":\"next_logs\",\"reading\":\"0123456789abcdef0123456789abcdef\"}",
                "{\"version\":1,\"command\":\"close_logs\",\"reading\":\"0123456789ABCDEF0123456789ABCDEF\"}",
                "{\"version\":1,\"command\":\"start\",\"specs\":[]}",
                "{\"version\":1,\"command\":\"start\",\"specs\":[7]}",
                "{\"version\":1,\"command\":\"start\",\"specs\":[{\"name\":\"../x\"}]}"
            })
    void command_thatIsNotValid_isRefused(String body) throws Exception {
        Map<String, @Nullable Object> map = Json.readObject(body);
        MalformedMessageException refused =
                assertThrows(MalformedMessageException.class, () -> MessageCodec.toCommand(map));
        assertEquals(ErrorCode.INVALID, refused.refusal().code());
    }

    @Test
    void command_namesAtLimit_areReadAndOneMoreIsNot() throws Exception {
        List<String> names = java.util.Collections.nCopies(Selection.MAX_WORDS, "a");
        Map<String, Object> atLimit = Map.of("version", 1L, "command", "stop", "apps", names);
        assertEquals(new Command.Stop(new Selection.Named(names)), MessageCodec.toCommand(atLimit));
        List<String> more = java.util.Collections.nCopies(Selection.MAX_WORDS + 1, "a");
        assertThrows(
                MalformedMessageException.class,
                () -> MessageCodec.toCommand(Map.of("version", 1L, "command", "stop", "apps", more)));
    }

    @Test
    void environmentMask_hidesWhatCouldBeSecret_andNothingElse() {
        var hidden = EnvironmentMask.hidden(Samples.spec("api"));
        assertEquals(Map.of("PORT", "3000", "TOKEN", EnvironmentMask.MASK), hidden.environment());
        assertTrue(hidden.inheritedEnvironment().values().stream().allMatch(EnvironmentMask.MASK::equals));
        assertEquals(hidden, EnvironmentMask.hidden(hidden));
    }
}
