package dev.bunctl.verticles.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.verticles.state.Specs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MetricsTopicTest extends ClientTest {
    @Test
    void whoeverIsRegistered_isToldAgainAndAgain_whatEachInstanceDoes() throws Exception {
        daemon.change(new Command.Start(List.of(Specs.of("api")), true));
        client.register(Protocol.METRICS);
        for (int times = 0; times < 2; times++) {
            Map<?, ?> body = Client.body(client.receive());
            assertEquals(1L, body.get("version"));
            List<?> apps = assertInstanceOf(List.class, body.get("apps"));
            Map<?, ?> api = assertInstanceOf(Map.class, apps.getFirst());
            assertEquals("api", api.get("name"));
            assertEquals("online", api.get("state"));
        }
    }

    @Test
    void whoeverHasLeft_isToldNothing() throws Exception {
        client.register(Protocol.METRICS);
        Map<?, ?> first = Client.body(client.receive());
        assertEquals(List.of(), first.get("apps"));
        client.send(Map.of("type", "unregister", "address", Protocol.METRICS));
        client.send(Map.of("type", "ping"));
        assertEquals("pong", client.receive().get("type"));
    }
}
