package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.InstanceStatus;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Dependency;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.state.DesiredApp;
import dev.bunctl.verticles.state.DesiredState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which app waits for which. Pure. */
final class Dependencies {
    private Dependencies() {}

    /** Says what is wrong with the dependencies of these apps, if anything: an app that is not known, or a circle. */
    static Optional<String> problemOf(DesiredState state, List<Target> targets) {
        Set<String> seen = new HashSet<>();
        for (Target target : targets) {
            String name = target.spec().name().value();
            if (!seen.add(name)) {
                continue;
            }
            for (Dependency dependency : target.spec().dependencies()) {
                if (state.find(dependency.app().value()).isEmpty()) {
                    return Optional.of("app '" + name + "' depends on '" + dependency.app() + "', which is not known");
                }
            }
            Optional<String> circle = circle(state, target.spec());
            if (circle.isPresent()) {
                return Optional.of("depends_on goes in a circle: " + circle.get());
            }
        }
        return Optional.empty();
    }

    /** The shortest way from an app back to itself, {@code a -> b -> a}. */
    private static Optional<String> circle(DesiredState state, AppSpec start) {
        String name = start.name().value();
        Map<String, String> cameFrom = new HashMap<>();
        Deque<AppSpec> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            AppSpec spec = open.removeFirst();
            for (Dependency dependency : spec.dependencies()) {
                String next = dependency.app().value();
                if (next.equals(name)) {
                    return Optional.of(way(cameFrom, name, spec.name().value()));
                }
                DesiredApp app = state.apps().get(next);
                if (app != null && cameFrom.putIfAbsent(next, spec.name().value()) == null) {
                    open.addLast(app.spec());
                }
            }
        }
        return Optional.empty();
    }

    private static String way(Map<String, String> cameFrom, String start, String last) {
        Deque<String> names = new ArrayDeque<>(List.of(start));
        for (String name = last; name != null && !name.equals(start); name = cameFrom.get(name)) {
            names.addFirst(name);
        }
        names.addFirst(start);
        return String.join(" -> ", names);
    }

    /**
     * For each of some apps those of them that it needs, directly or through others. Apps that need each other, which no
     * command lets in, do not count as needing each other.
     */
    static Map<String, Set<String>> needs(DesiredState state, Set<String> apps) {
        Map<String, Set<String>> reached = new LinkedHashMap<>();
        apps.forEach(app -> reached.put(app, reached(state, app, apps)));
        Map<String, Set<String>> needs = new LinkedHashMap<>();
        reached.forEach((app, others) -> {
            Set<String> before = new LinkedHashSet<>(others);
            before.removeIf(other -> reached.getOrDefault(other, Set.of()).contains(app));
            needs.put(app, before);
        });
        return needs;
    }

    /** The same the other way round: those that need it. */
    static Map<String, Set<String>> neededBy(DesiredState state, Set<String> apps) {
        Map<String, Set<String>> neededBy = new LinkedHashMap<>();
        needs(state, apps)
                .forEach((app, needed) -> needed.forEach(other -> {
                    var _ = neededBy.computeIfAbsent(other, _ -> new LinkedHashSet<>())
                            .add(app);
                }));
        return neededBy;
    }

    private static Set<String> reached(DesiredState state, String from, Set<String> among) {
        Set<String> visited = new HashSet<>(Set.of(from));
        Set<String> reached = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(visited);
        while (!open.isEmpty()) {
            DesiredApp app = state.apps().get(open.removeFirst());
            List<Dependency> dependencies = app == null ? List.of() : app.spec().dependencies();
            for (Dependency dependency : dependencies) {
                String next = dependency.app().value();
                if (visited.add(next)) {
                    open.addLast(next);
                    if (among.contains(next)) {
                        var _ = reached.add(next);
                    }
                }
            }
        }
        return reached;
    }

    /**
     * Whether an instance has come as far as an app that waits for it asks.
     *
     * @param spec of the instance
     * @param asked whether it is about to be started, so that how it ended before means nothing
     */
    static boolean met(Dependency.Condition condition, AppSpec spec, InstanceSnapshot snapshot, boolean asked) {
        return switch (condition) {
            case STARTED -> snapshot.identity().isPresent() || (!asked && finished(snapshot));
            case READY -> snapshot.state() == InstanceStatus.State.ONLINE;
            case HEALTHY ->
                snapshot.state() == InstanceStatus.State.ONLINE
                        && (snapshot.healthy() || spec.health().isEmpty());
            case COMPLETED -> !asked && finished(snapshot);
        };
    }

    private static boolean finished(InstanceSnapshot snapshot) {
        return snapshot.state() == InstanceStatus.State.STOPPED
                && snapshot.settled()
                && snapshot.succeeded()
                && snapshot.exitCode().isPresent();
    }
}
