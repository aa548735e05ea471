package dev.bunctl.verticles.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.verticles.cluster.Told.Kind;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nodes of other versions say. */
class ToldTest {
    private static final Answer.Status STATUS = new Answer.Status(List.of(), List.of("a warning"), List.of());

    private static Told read(JsonObject message) {
        return Told.read(new JsonObject(message.encode())).orElseThrow();
    }

    @Test
    void everyKind_isReadAsItWasTold() {
        for (Kind kind : Kind.values()) {
            Told told = read(Told.of(kind, "beta", "m1", "0.1.0"));
            assertEquals(new Told(Optional.of(kind), "beta", "m1", "0.1.0", Optional.empty(), Optional.empty()), told);
        }
        assertEquals(
                Optional.of(STATUS),
                read(Told.of(STATUS, "beta", "m1", "0.1.0")).status());
    }

    @Test
    void laterVersion_withMoreMembers_isRead() {
        JsonObject more =
                Told.of(STATUS, "beta", "m1", "0.2.0").put("load", 0.5).put("zone", new JsonObject());
        more.getJsonObject("status")
                .put("since", "yesterday")
                .put("apps", List.of(instance().put("heat", 3)));
        Told told = read(more);
        assertEquals(Optional.empty(), told.problem());
        assertEquals(1, told.status().orElseThrow().instances().size());
    }

    private static JsonObject instance() {
        return new JsonObject(
                "{\"id\":0,\"name\":\"api\",\"instance\":0,\"namespace\":\"default\",\"pid\":1,\"state\":\"online\","
                        + "\"generation\":1,\"restarts\":0,\"uptime_ms\":1,\"cpu_percent\":0.1,\"memory_bytes\":1,"
                        + "\"exit_code\":null,\"reason\":\"up\",\"out_log\":\"/o\",\"err_log\":\"/e\"}");
    }

    @Test
    void earlierVersion_thatLacksMembers_isRead() {
        JsonObject fewer = Told.of(STATUS, "beta", "m1", "0.0.9");
        fewer.remove("daemon_version");
        fewer.getJsonObject("status").remove("warnings");
        fewer.getJsonObject("status").remove("capabilities");
        Told told = read(fewer);
        assertEquals(Told.UNKNOWN_VERSION, told.version());
        assertEquals(Optional.of(new Answer.Status(List.of(), List.of(), List.of())), told.status());
    }

    @Test
    void otherMessages_showTheNode_andSayWhy() {
        Told told = read(Told.of(STATUS, "beta", "m1", "9.0.0").put("version", Order.VERSION + 1));
        assertEquals("beta", told.node());
        assertEquals("9.0.0", told.version());
        assertEquals(Optional.of(Kind.STATUS), told.kind());
        assertEquals(Optional.empty(), told.status());
        assertTrue(told.problem().orElseThrow().contains("version 2"), told.toString());
    }

    @Test
    void stateThatIsNotKnown_showsTheNode_andSaysWhy() {
        JsonObject other = Told.of(STATUS, "beta", "m1", "0.2.0");
        other.getJsonObject("status").put("apps", List.of(instance().put("state", "frozen")));
        Told told = read(other);
        assertEquals(Optional.empty(), told.status());
        assertTrue(told.problem().orElseThrow().contains("state"), told.toString());
    }

    @Test
    void kindThatIsNotKnown_isToldApart() {
        assertEquals(
                Optional.empty(),
                read(Told.of(Kind.ASKS, "beta", "m1", "0.2.0").put("kind", "sings"))
                        .kind());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"node\":\"beta\"}",
                "{\"node\":7,\"member\":\"m\"}",
                "{\"node\":\"all\",\"member\":\"m\"}",
                "{\"node\":\"../beta\",\"member\":\"m\"}"
            })
    void messageThatDoesNotSayWhoTellsIt_isNone(String message) {
        assertEquals(Optional.empty(), Told.read(new JsonObject(message)));
    }

    @Test
    void order_withMoreMembersOrFewer_isRead_andOneOfAnotherVersionIsRefused() {
        Order order = new Order("id", true, "beta", "uid 0", Role.ADMIN, new JsonObject());
        assertEquals(order, Order.read(order.toJson().put("deadline_ms", 5)));
        JsonObject fewer = order.toJson();
        fewer.remove("again");
        assertEquals(false, Order.read(fewer).again());
        JsonObject other = order.toJson().put("version", 2);
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Order.read(other));
        assertTrue(String.valueOf(refused.getMessage()).contains("version 2"), refused.toString());
    }
}
