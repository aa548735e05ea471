package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Answer.InstanceResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Does something to the instances of one app, so many at a time, until one fails. */
final class Rolling<T extends Turn> {
    private final Function<T, Future<InstanceResult>> action;
    private final Deque<Waiting<T>> waiting = new ArrayDeque<>();
    private Optional<String> failed = Optional.empty();

    private record Waiting<T>(T turn, Promise<InstanceResult> result) {}

    private Rolling(Function<T, Future<InstanceResult>> action) {
        this.action = action;
    }

    /** A result for each turn, in their order. */
    static <T extends Turn> List<Future<InstanceResult>> over(
            List<T> turns, int parallel, Function<T, Future<InstanceResult>> action) {
        Rolling<T> rolling = new Rolling<>(action);
        turns.forEach(turn -> rolling.waiting.add(new Waiting<>(turn, Promise.promise())));
        List<Future<InstanceResult>> results =
                rolling.waiting.stream().map(one -> one.result().future()).toList();
        for (int lane = 0; lane < parallel && lane < turns.size(); lane++) {
            rolling.next();
        }
        return results;
    }

    private void next() {
        for (Waiting<T> one = waiting.poll(); one != null; one = waiting.poll()) {
            if (failed.isEmpty()) {
                take(one);
                return;
            }
            one.result().complete(Results.failed(one.turn().name(), "left as it was, because of " + failed.get()));
        }
    }

    private void take(Waiting<T> one) {
        action.apply(one.turn())
                .otherwise(cause -> Results.failed(one.turn().name(), cause))
                .onSuccess(done -> {
                    if (!done.succeeded() && failed.isEmpty()) {
                        failed = Optional.of(done.instance());
                    }
                    one.result().complete(done);
                    next();
                });
    }
}
