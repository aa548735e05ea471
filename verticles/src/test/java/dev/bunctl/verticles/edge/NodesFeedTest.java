package dev.bunctl.verticles.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.command.LogView;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.LogEntry;
import dev.bunctl.bridge.message.LogQuery;
import dev.bunctl.bridge.message.LogReading;
import dev.bunctl.bridge.message.NodeAnswer;
import dev.bunctl.bridge.message.NodeNews;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.bridge.render.Presentation;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lines of several nodes, with the nodes played by the test. */
@Timeout(60)
class NodesFeedTest {
    private static final Instant NOW = Instant.parse("2026-01-31T08:00:00Z");

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, Call> open = new LinkedHashMap<>();
    private final List<LogReading> closed = new ArrayList<>();

    /** A question that has no answer yet. */
    private record Call(LogReading what, Promise<NodeAnswer> answer) {}

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private Future<NodeAnswer> ask(String node, LogReading what) {
        Promise<NodeAnswer> answer = Promise.promise();
        if (what instanceof LogReading.Close) {
            closed.add(what);
        } else {
            open.put(node, new Call(what, answer));
        }
        return answer.future();
    }

    private static LogQuery query(boolean follow) {
        return new LogQuery(15, follow, true, true, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private NodesFeed feed(boolean follow, boolean json, Optional<LogReading.Place> from) {
        return new NodesFeed(
                vertx,
                this::ask,
                new NodesFeed.Question(new Selection.All(), query(follow), true, from),
                new LogText(new LogView(json, false, false, false), false, true, ZoneOffset.UTC),
                new Presentation(json, false, 0),
                InstantSource.fixed(NOW));
    }

    private static LogEntry line(int second, String text) {
        return new LogEntry(NOW.plusSeconds(second), "api", OptionalInt.of(0), "stdout", new LogEntry.Line(text));
    }

    private static NodeNews here(String node) {
        return new NodeNews(
                NOW, node, "1", new Answer.Status(List.of(), List.of(), List.of()), Optional.empty(), false);
    }

    private LogReading asked(String node) {
        return Objects.requireNonNull(open.get(node), node).what();
    }

    private void answer(String node, Answer answer) {
        Call call = Objects.requireNonNull(open.remove(node), node);
        call.answer().complete(new NodeAnswer(node, Optional.empty(), answer));
    }

    private void batch(String node, long number, boolean last, String at, LogEntry... lines) {
        answer(
                node,
                new Answer.LogBatch(
                        number,
                        Arrays.asList(lines),
                        new LogReading.Place(NOW, at.isEmpty() ? Map.of() : Map.of("/log", at)),
                        last));
    }

    private static Answer.Refused refused(ErrorCode code) {
        return new Answer.Refused(code, "no", Optional.empty());
    }

    private static LogFeed.Portion now(Future<LogFeed.Portion> portion) {
        assertTrue(portion.isComplete(), "a portion");
        return portion.result();
    }

    @Test
    void past_isMergedByTime_andEndsWithTheLastNode() {
        NodesFeed feed = feed(false, false, Optional.empty());
        feed.begin(List.of("alpha", "beta"));
        Future<LogFeed.Portion> first = feed.next();
        batch("alpha", 1, false, "", line(1, "a1"), line(4, "a4"));
        assertFalse(first.isComplete(), "beta may have older lines");
        batch("beta", 1, true, "", line(2, "b2"), line(6, "b6"));
        assertEquals(
                "alpha/api:0 | a1\nbeta/api:0  | b2\nalpha/api:0 | a4\n",
                now(first).out());
        Future<LogFeed.Portion> second = feed.next();
        batch("alpha", 2, true, "", line(5, "a5"));
        assertEquals("alpha/api:0 | a5\nbeta/api:0  | b6\n", now(second).out());
        assertEquals(Optional.of(0), now(second).exit());
        assertEquals(Optional.empty(), now(second).place());
    }

    @Test
    void nodeThatRefuses_isToldOf_andMakesTheEndPartial() {
        NodesFeed feed = feed(false, false, Optional.empty());
        feed.begin(List.of("alpha", "beta"));
        Future<LogFeed.Portion> portion = feed.next();
        answer("alpha", refused(ErrorCode.UNKNOWN_APP));
        assertEquals("alpha: bunctl: no\n", now(portion).err());
        Future<LogFeed.Portion> rest = feed.next();
        batch("beta", 1, true, "", line(1, "b"));
        assertEquals("beta/api:0 | b\n", now(rest).out());
        assertEquals(Optional.of(ErrorCode.PARTIAL.exitCode()), now(rest).exit());
    }

    @Test
    void lostNode_isMarked_andGoesOnBehindTheLastLine_withoutHoldingUpOthers() {
        NodesFeed feed = feed(true, false, Optional.empty());
        feed.begin(List.of("alpha", "beta"));
        Future<LogFeed.Portion> first = feed.next();
        batch("beta", 1, false, "1:9:b", line(1, "one"));
        batch("alpha", 1, false, "1:2:a");
        assertEquals("beta/api:0 | one\n", now(first).out());
        assertEquals(
                Map.of("alpha:", NOW.toString(), "alpha:/log", "1:2:a", "beta:", NOW.toString(), "beta:/log", "1:9:b"),
                now(first)
                        .place()
                        .map(place -> place.getJsonObject("at"))
                        .map(JsonObject::getMap)
                        .orElseThrow());

        Future<LogFeed.Portion> lost = feed.next();
        answer("beta", refused(ErrorCode.UNREACHABLE));
        assertEquals(
                "bunctl: beta cannot be reached since 2026-01-31T08:00:00.000+00:00; its lines come when it is back\n",
                now(lost).err());
        Future<LogFeed.Portion> other = feed.next();
        batch("alpha", 2, false, "1:4:a", line(2, "two"));
        assertEquals("alpha/api:0 | two\n", now(other).out().replace("  |", " |"));

        feed.heard(here("beta"));
        LogReading.Open again = assertInstanceOf(LogReading.Open.class, asked("beta"));
        assertEquals(Optional.of(new LogReading.Place(NOW, Map.of("/log", "1:9:b"))), again.from());
        Future<LogFeed.Portion> back = feed.next();
        batch("beta", 1, false, "1:12:b", line(3, "three"));
        assertEquals("bunctl: beta is back; its lines go on\n", now(back).err());
        assertEquals("", now(back).out(), "what is said comes first");
        assertEquals("beta/api:0  | three\n", now(feed.next()).out());
    }

    @Test
    void nodeThatIsBackBeforeItsLossIsKnown_isReadOn() {
        NodesFeed feed = feed(true, true, Optional.empty());
        feed.begin(List.of("beta"));
        Future<LogFeed.Portion> portion = feed.next();
        feed.heard(here("beta"));
        answer("beta", refused(ErrorCode.UNREACHABLE));
        assertEquals(
                "{\"version\":1,\"at\":\"" + NOW + "\",\"node\":\"beta\",\"reachable\":false,\"unreachable_since\":\""
                        + NOW + "\"}\n",
                now(portion).out());
        assertInstanceOf(LogReading.Open.class, asked("beta"));
    }

    @Test
    void readingThatTheNodeHasForgotten_isBegunAnewWhereItStopped() {
        NodesFeed feed = feed(true, false, Optional.empty());
        feed.begin(List.of("beta"));
        Future<LogFeed.Portion> first = feed.next();
        batch("beta", 1, false, "1:9:b", line(1, "one"));
        assertEquals("beta/api:0 | one\n", now(first).out());
        Future<LogFeed.Portion> second = feed.next();
        assertInstanceOf(LogReading.Next.class, asked("beta"));
        answer("beta", refused(ErrorCode.NOT_FOUND));
        LogReading.Open again = assertInstanceOf(LogReading.Open.class, asked("beta"));
        assertEquals(Map.of("/log", "1:9:b"), again.from().orElseThrow().at());
        batch("beta", 1, false, "1:12:b", line(2, "two"));
        assertEquals("beta/api:0 | two\n", now(second).out());
        assertEquals("", now(second).err());
    }

    @Test
    void slowReader_holdsOneBatch_andTheNodeIsAskedWhenThatIsGone() {
        NodesFeed feed = feed(true, false, Optional.empty());
        feed.begin(List.of("beta"));
        batch("beta", 1, false, "1:9:b", line(1, "one"));
        assertEquals(Map.of(), open, "nothing more is asked for while nobody takes what came");
        assertEquals("beta/api:0 | one\n", now(feed.next()).out());
        assertEquals(1, ((LogReading.Next) asked("beta")).after());
    }

    @Test
    void placeOfAnotherDaemon_isGoneOnFromNodeByNode() {
        LogReading.Place place = new LogReading.Place(
                NOW, Map.of("beta:", NOW.plusSeconds(1).toString(), "beta:/log", "1:9:b", "/log", "1:1:c"));
        NodesFeed feed = feed(true, false, Optional.of(place));
        feed.begin(List.of("alpha", "beta"));
        assertEquals(Optional.empty(), ((LogReading.Open) asked("alpha")).from());
        assertEquals(
                Optional.of(new LogReading.Place(NOW.plusSeconds(1), Map.of("/log", "1:9:b"))),
                ((LogReading.Open) asked("beta")).from());
        // The next daemon does not know yet that there is such a node.
        Future<LogFeed.Portion> portion = feed.next();
        answer("beta", refused(ErrorCode.NOT_FOUND));
        assertTrue(
                now(portion).err().startsWith("bunctl: beta cannot be reached"),
                now(portion).err());
        feed.heard(here("beta"));
        assertInstanceOf(LogReading.Open.class, asked("beta"));
    }

    @Test
    void nodeThatJoins_isFollowedFromTheBeginningOfTheFollow_andAllAreLetGoAtItsEnd() {
        NodesFeed feed = feed(true, false, Optional.empty());
        feed.begin(List.of("alpha"));
        feed.heard(here("gamma"));
        assertEquals(Optional.of(new LogReading.Place(NOW, Map.of())), ((LogReading.Open) asked("gamma")).from());
        feed.close();
        assertEquals(2, closed.size());
    }
}
