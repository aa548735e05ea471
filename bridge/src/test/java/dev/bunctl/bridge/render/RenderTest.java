package dev.bunctl.bridge.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.Accounting;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.InstanceStatus;
import dev.bunctl.bridge.message.Samples;
import dev.bunctl.bridge.wire.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RenderTest {
    private static final Presentation TERMINAL = new Presentation(false, true, 80);
    private static final Presentation PROGRAM = new Presentation(true, false, 0);

    private static Answer.Status status(InstanceStatus... instances) {
        return new Answer.Status(List.of(instances), List.of(), List.of());
    }

    @Test
    void status_plain_isATable() {
        Rendered rendered = Render.answer(
                status(Samples.online(0, "api", 0), Samples.errored(11, "worker", 1)), Presentation.PLAIN);
        assertEquals("""
                id  name    inst  state     pid  uptime   ↺   cpu   memory
                 0  api        0  online   4242      1s   0  0.1%  27.0 MB
                11  worker     1  errored     -       -  16     -        -
                """, rendered.out());
        assertEquals("", rendered.err());
        assertEquals(0, rendered.exitCode());
    }

    @Test
    void status_longAndWideNames_neverPassTheEdge() {
        for (int columns : new int[] {40, 60, 80, 120}) {
            Presentation how = new Presentation(false, false, columns);
            String out = Render.answer(
                            status(
                                    Samples.online(0, "n".repeat(64), 0),
                                    Samples.online(1000, "名前".repeat(32), 1023),
                                    Samples.errored(1, "e\u0301".repeat(32), 0)),
                            how)
                    .out();
            out.lines().forEach(line -> assertTrue(Text.width(line) <= columns, columns + ": " + line));
            assertTrue(out.contains("…"), out);
        }
    }

    @Test
    void status_colours_onlyOnATerminal() {
        Answer answer = status(Samples.online(0, "api", 0));
        assertTrue(Render.answer(answer, TERMINAL).out().contains("\u001b[32monline\u001b[0m"));
        assertFalse(Render.answer(answer, Presentation.PLAIN).out().contains("\u001b"));
    }

    @Test
    void status_json_hasThePublishedShape() throws Exception {
        String out = Render.answer(status(Samples.online(0, "api", 0)), PROGRAM).out();
        assertTrue(out.startsWith("{\"version\":1,\"apps\":[{\"id\":0,\"name\":\"api\",\"instance\":0,"), out);
        assertTrue(out.endsWith("}]}\n"), out);
        assertEquals(
                "{\"version\":1,\"apps\":[]}\n",
                Render.answer(status(), PROGRAM).out());
        assertTrue(Json.readObject(out.strip()).containsKey("apps"));
    }

    private static Answer description(List<Accounting> usage) {
        return new Answer.Description(
                List.of(new Answer.AppDescription(
                        Samples.spec("api"),
                        List.of(Samples.online(0, "api", 0)),
                        List.of(Samples.crash()),
                        usage,
                        Optional.empty())),
                List.of("api: not enforced here: max_memory (no controller)"));
    }

    @Test
    void describe_usageAndWarnings_areShown() {
        Rendered rendered =
                Render.answer(description(List.of(Samples.accounting("api:0"))), new Presentation(false, false, 80));
        for (String line : List.of(
                "  cpu time      1m",
                "  throttled     2s",
                "  processes     4",
                "  held memory   20.0 MB",
                "  peak memory   90.0 MB",
                "  waited        cpu 12.5%, memory 0.5%, disk 0.0% of the last 10s")) {
            assertTrue(rendered.out().contains(line + "\n"), rendered.out());
        }
        assertEquals("warning: api: not enforced here: max_memory (no controller)\n", rendered.err());
    }

    @Test
    void describe_usageOfAHostThatCountsNoTrees_leavesOutWhatIsNotKnown() {
        String out = Render.answer(description(List.of(Samples.sampled("api:0"))), Presentation.PLAIN)
                .out();
        assertTrue(out.contains("  cpu time      1s\n"), out);
        assertFalse(out.contains("held memory") || out.contains("waited"), out);
    }

    @Test
    void describe_environment_isHidden() {
        Answer answer = description(List.of());
        String out = Render.answer(answer, new Presentation(false, false, 80)).out();
        assertTrue(out.contains("PORT=3000") && out.contains("TOKEN=********"), out);
        assertFalse(out.contains("secret"), out);
        assertTrue(out.contains("cause         exit code 1"), out);
        assertFalse(out.contains("\u001b"), out);
        out.lines().forEach(line -> assertTrue(Text.width(line) <= 80, line));
    }

    @Test
    void history_isALineEachWithWhatWasWrittenLast() {
        Answer answer = new Answer.History(List.of(Samples.crash(), Samples.killed()));
        assertEquals("""
                2026-01-31T08:00:00.123Z  api:0  exit code 1 after 1s (generation 3, pid 4242): started again in 100 ms
                  | Error: boom
                  | �[31mred�[0m
                2026-01-31T08:00:01Z  api:1  restarted by user, signal SIGINT after 3m (generation 4, pid 4243): starts again
                """, Render.answer(answer, Presentation.PLAIN).out());
        Render.answer(answer, new Presentation(false, false, 40))
                .out()
                .lines()
                .forEach(line -> assertTrue(Text.width(line) <= 40, line));
        String json = Render.answer(answer, PROGRAM).out();
        assertTrue(json.contains("\"kind\":\"code\",\"cause\":\"exit code 1\",\"exit_code\":1,\"signal\":null"), json);
    }

    @Test
    void start_failure_showsTheLastLinesAndEndsWith1() {
        Answer answer = new Answer.Changed(
                List.of(
                        new Answer.InstanceResult("api:0", true, "started", List.of()),
                        new Answer.InstanceResult("api:1", false, "exited with 1", List.of("boom \u001b[2Jx"))),
                List.of(Samples.online(0, "api", 0)),
                List.of("max_memory is not enforced on this host"));
        Rendered rendered = Render.answer(answer, Presentation.PLAIN);
        assertEquals("""
                api:0: started
                bunctl: api:1: exited with 1
                  the last lines of its stderr:
                  | boom �[2Jx
                warning: max_memory is not enforced on this host
                """, rendered.err());
        assertEquals(1, rendered.exitCode());
    }

    @Test
    void refusal_isOneLineAndAHint() {
        Rendered rendered = Render.error(
                ErrorCode.UNKNOWN_APP, "no app is called 'x'", Optional.of("see bunctl list"), Presentation.PLAIN);
        assertEquals("bunctl: no app is called 'x'\nhint: see bunctl list\n", rendered.err());
        assertEquals("", rendered.out());
        assertEquals(4, rendered.exitCode());
    }

    @Test
    void refusal_json_isOnStdoutToo() throws Exception {
        Rendered rendered = Render.error(ErrorCode.LIMIT, "too many", Optional.empty(), PROGRAM);
        assertEquals("LIMIT", Json.readObject(rendered.out().strip()).get("code"));
        assertEquals("bunctl: too many\n", rendered.err());
    }

    @Test
    void usage_endsWith2() {
        assertEquals(
                2,
                Render.rejected(new Request.Rejected("no", Optional.empty()), Presentation.PLAIN)
                        .exitCode());
    }

    @Test
    void quantities_areShort() {
        assertEquals("999ms", Quantities.time(999));
        assertEquals("59s", Quantities.time(59_999));
        assertEquals("59m", Quantities.time(3_599_999));
        assertEquals("23h", Quantities.time(86_399_999));
        assertEquals("12d", Quantities.time(12L * 86_400_000));
        assertEquals("1023 B", Quantities.bytes(1023));
        assertEquals("1.0 KB", Quantities.bytes(1024));
        assertEquals("1.0 MB", Quantities.bytes((1 << 20) - 1));
        assertEquals("8.0 EB", Quantities.bytes(Long.MAX_VALUE));
    }
}
