package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Answer.InstanceResult;
import dev.bunctl.verticles.state.DesiredState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Does something to several apps in the order in which they depend on each other; the others do not wait. */
final class InOrder<T extends Turn> {
    private final Map<String, List<T>> apps = new LinkedHashMap<>();
    private final Map<String, Promise<List<InstanceResult>>> done = new LinkedHashMap<>();

    /** What is done to all chosen instances of one app: a result for each. */
    interface Action<T> extends Function<List<T>, List<Future<InstanceResult>>> {}

    private InOrder(List<T> turns) {
        for (T turn : turns) {
            String app = turn.target().spec().name().value();
            apps.computeIfAbsent(app, _ -> new ArrayList<>()).add(turn);
            var _ = done.computeIfAbsent(app, _ -> Promise.promise());
        }
    }

    /**
     * Each app after those that depend on it, whatever becomes of them.
     *
     * @return a result for each turn, app by app
     */
    static <T extends Turn> List<Future<InstanceResult>> dependentsFirst(
            DesiredState state, List<T> turns, Action<T> action) {
        InOrder<T> order = new InOrder<>(turns);
        Map<String, Set<String>> after = Dependencies.neededBy(state, order.apps.keySet());
        List<Future<InstanceResult>> results = new ArrayList<>(turns.size());
        order.apps.forEach((app, mine) -> {
            Set<String> before = after.getOrDefault(app, Set.of());
            results.addAll(order.then(app, mine, order.all(before), _ -> action.apply(mine)));
        });
        return results;
    }

    /**
     * Each app after those it depends on; where one of these fails, the app is left as it was.
     *
     * @return a result for each turn, app by app
     */
    static <T extends Turn> List<Future<InstanceResult>> dependenciesFirst(
            DesiredState state, List<T> turns, Action<T> action) {
        InOrder<T> order = new InOrder<>(turns);
        Map<String, Set<String>> needs = Dependencies.needs(state, order.apps.keySet());
        List<Future<InstanceResult>> results = new ArrayList<>(turns.size());
        order.apps.forEach((app, mine) -> {
            Set<String> before = needs.getOrDefault(app, Set.of());
            results.addAll(order.then(
                    app,
                    mine,
                    order.all(before),
                    former -> firstFailure(former)
                            .map(failure -> leftAlone(mine, failure))
                            .orElseGet(() -> action.apply(mine))));
        });
        return results;
    }

    private static Optional<InstanceResult> firstFailure(List<InstanceResult> results) {
        return results.stream().filter(result -> !result.succeeded()).findFirst();
    }

    private static List<Future<InstanceResult>> leftAlone(List<? extends Turn> turns, InstanceResult failure) {
        return turns.stream()
                .map(turn -> Future.succeededFuture(
                        Results.failed(turn.name(), "left as it was, because of " + failure.instance())))
                .toList();
    }

    private Optional<Future<List<InstanceResult>>> all(Set<String> names) {
        List<Future<List<InstanceResult>>> all = new ArrayList<>();
        for (String name : names) {
            Promise<List<InstanceResult>> promise = done.get(name);
            if (promise != null) {
                all.add(promise.future());
            }
        }
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(Future.all(all)
                        .map(_ -> all.stream()
                                .flatMap(each -> each.result().stream())
                                .toList()));
    }

    /** Who waits for nobody is served at once, on this turn of the event loop. */
    private List<Future<InstanceResult>> then(
            String app,
            List<T> mine,
            Optional<Future<List<InstanceResult>>> before,
            Function<List<InstanceResult>, List<Future<InstanceResult>>> action) {
        List<Future<InstanceResult>> results = before.isEmpty()
                ? action.apply(List.of())
                : later(mine.size(), before.get().map(action));
        Promise<List<InstanceResult>> promise = done.get(app);
        if (promise != null) {
            Future.all(results).<List<InstanceResult>>map(all -> all.list()).onComplete(promise);
        }
        return results;
    }

    /** So many results that are known only later. */
    static List<Future<InstanceResult>> later(int count, Future<List<Future<InstanceResult>>> results) {
        List<Future<InstanceResult>> each = new ArrayList<>(count);
        for (int at = 0; at < count; at++) {
            int index = at;
            each.add(results.compose(all -> all.get(index)));
        }
        return each;
    }
}
