package dev.bunctl.verticles.cluster;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which orders of other nodes were taken, with what came of them: one that is sent again is not carried out again. Used from one
 * event loop.
 */
final class AppliedOrders {
    /** Orders remembered at one time. */
    static final int MAX = 1024;

    /** An order that has been answered is remembered for so long at least; a sender asks again much sooner. */
    static final Duration REMEMBERED = Duration.ofMinutes(1);

    private final Map<String, Taken> byId = new LinkedHashMap<>();
    private final InstantSource clock;

    private static final class Taken {
        private final Future<JsonObject> answer;
        private @Nullable Instant answeredAt;

        private Taken(Future<JsonObject> answer) {
            this.answer = answer;
        }
    }

    AppliedOrders(InstantSource clock) {
        this.clock = clock;
    }

    /** What came of an order that was taken before. */
    Optional<Future<JsonObject>> find(String id) {
        return Optional.ofNullable(byId.get(id)).map(taken -> taken.answer);
    }

    /** Whether there is room for one more. */
    boolean hasRoom() {
        if (byId.size() < MAX) {
            return true;
        }
        Instant late = clock.instant().minus(REMEMBERED);
        Iterator<Taken> all = byId.values().iterator();
        while (all.hasNext()) {
            Instant answered = all.next().answeredAt;
            if (answered != null && answered.isBefore(late)) {
                all.remove();
            }
        }
        return byId.size() < MAX;
    }

    /** Carries an order out that is new. */
    Future<JsonObject> take(String id, Supplier<Future<JsonObject>> order) {
        Taken taken = new Taken(order.get());
        byId.put(id, taken);
        taken.answer.onComplete(_ -> taken.answeredAt = clock.instant());
        return taken.answer;
    }
}
