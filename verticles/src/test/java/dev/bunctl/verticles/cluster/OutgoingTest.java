package dev.bunctl.verticles.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.MessageCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutgoingTest {
    private static final Answer ANSWER = new Answer.Changed(List.of(), List.of(), List.of());

    private final List<JsonObject> sent = new ArrayList<>();
    private final List<Promise<JsonObject>> replies = new ArrayList<>();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final Outgoing outgoing = new Outgoing(new Outgoing.Sending() {
        @Override
        public Future<JsonObject> send(String member, JsonObject order) {
            Promise<JsonObject> reply = Promise.promise();
            sent.add(order);
            replies.add(reply);
            return reply.future();
        }

        @Override
        public void soon(Runnable task) {
            later.add(task);
        }
    });

    private static Order order(String id) {
        return new Order(id, false, "alpha", "uid 0", Role.ADMIN, new JsonObject());
    }

    private Future<Answer> asked() {
        return outgoing.ask("m1", order("1"));
    }

    private void fail(int attempt, ReplyFailure type) {
        replies.get(attempt).fail(new ReplyException(type, "no"));
    }

    private static ErrorCode refusal(Future<Answer> answer) {
        return assertInstanceOf(Answer.Refused.class, answer.result()).code();
    }

    @Test
    void noAnswerInTime_asksAgainBySameId_andSaysSo() {
        Future<Answer> answer = asked();
        fail(0, ReplyFailure.TIMEOUT);
        assertEquals(2, sent.size());
        assertEquals(
                List.of("1", "1"), sent.stream().map(one -> one.getString("id")).toList());
        assertEquals(
                List.of(false, true),
                sent.stream().map(one -> one.getBoolean("again")).toList());
        replies.get(1).complete(new JsonObject(MessageCodec.toMap(ANSWER)));
        assertEquals(ANSWER, answer.result());
    }

    @Test
    void addressThatIsNotKnownYet_isTriedLaterAsIfForTheFirstTime() {
        Future<Answer> answer = asked();
        fail(0, ReplyFailure.NO_HANDLERS);
        assertEquals(1, sent.size());
        later.remove().run();
        assertEquals(2, sent.size());
        assertFalse(sent.get(1).getBoolean("again"));
        assertFalse(answer.isComplete());
    }

    @Test
    void lostMember_isWaitedForByNobody_andAskedNoMore() {
        Future<Answer> answer = asked();
        outgoing.lost("m2");
        assertFalse(answer.isComplete());
        outgoing.lost("m1");
        assertEquals(ErrorCode.UNREACHABLE, refusal(answer));
        fail(0, ReplyFailure.TIMEOUT);
        assertEquals(1, sent.size());
    }

    @Test
    void answerOfALaterVersion_isARefusalThatSaysSo() {
        Future<Answer> answer = asked();
        replies.getFirst().complete(new JsonObject().put("version", 1).put("answer", "never_heard_of"));
        assertEquals(ErrorCode.UNSUPPORTED, refusal(answer));
    }

    @Test
    void ordersWithoutAnAnswer_areLimited() {
        for (int number = 0; number < Outgoing.MAX; number++) {
            assertFalse(outgoing.ask("m1", order("n" + number)).isComplete());
        }
        assertEquals(ErrorCode.LIMIT, refusal(asked()));
        outgoing.close();
        assertFalse(asked().isComplete());
        assertTrue(sent.size() > Outgoing.MAX);
    }
}
