package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Answer.InstanceResult;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Does something to the instances of an app one after the other, until one fails; apps do not wait for each other. */
final class Rolling {
    private Rolling() {}

    /** A result for each target, in their order. */
    static List<Future<InstanceResult>> over(List<Target> targets, Function<Target, Future<InstanceResult>> action) {
        Map<String, Future<InstanceResult>> before = new HashMap<>();
        List<Future<InstanceResult>> results = new ArrayList<>();
        for (Target target : targets) {
            String app = target.spec().name().value();
            Future<InstanceResult> former = before.get(app);
            Future<InstanceResult> result = former == null
                    ? action.apply(target)
                    : former.compose(done -> done.succeeded()
                            ? action.apply(target)
                            : Future.succeededFuture(new InstanceResult(
                                    target.name(), false, "left as it was, because of " + done.instance(), List.of())));
            before.put(app, result);
            results.add(result);
        }
        return results;
    }
}
