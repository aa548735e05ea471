package dev.bunctl.verticles.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AppliedOrdersTest {
    private Instant now = Instant.EPOCH;
    private final AppliedOrders orders = new AppliedOrders(() -> now);

    @Test
    void orderThatWasTaken_isFoundWithItsAnswer_beforeAndAfterItCame() {
        Promise<JsonObject> answer = Promise.promise();
        assertSame(answer.future(), orders.take("a", answer::future));
        assertSame(answer.future(), orders.find("a").orElseThrow());
        answer.complete(new JsonObject());
        assertTrue(orders.find("a").orElseThrow().succeeded());
        assertTrue(orders.find("b").isEmpty());
    }

    @Test
    void fullMemory_forgetsOnlyWhatWasAnsweredLongAgo() {
        var _ = orders.take("open", () -> Promise.<JsonObject>promise().future());
        for (int number = 1; number < AppliedOrders.MAX; number++) {
            assertTrue(orders.hasRoom());
            var _ = orders.take("done " + number, () -> Future.succeededFuture(new JsonObject()));
        }
        assertFalse(orders.hasRoom());
        now = now.plus(AppliedOrders.REMEMBERED);
        assertFalse(orders.hasRoom());
        now = now.plusMillis(1);
        assertTrue(orders.hasRoom());
        assertTrue(orders.find("open").isPresent());
        assertEquals(true, orders.find("done 1").isEmpty());
    }
}
