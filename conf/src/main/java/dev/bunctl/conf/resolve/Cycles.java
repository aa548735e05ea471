package dev.bunctl.conf.resolve;

import dev.bunctl.conf.AppName;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Dependency;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Location;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Finds apps that wait for each other. Apps that are not in the configuration may run already and are left to the daemon. */
final class Cycles {
    private Cycles() {}

    static void refuse(List<AppSpec> specs, Function<AppName, Location> at) throws ConfigException {
        Map<AppName, AppSpec> byName = new HashMap<>();
        specs.forEach(spec -> byName.put(spec.name(), spec));
        Set<AppName> clear = new HashSet<>();
        for (AppSpec spec : specs) {
            walk(spec, byName, clear, at);
        }
    }

    private record Step(AppSpec spec, Iterator<Dependency> rest) {
        static Step of(AppSpec spec) {
            return new Step(spec, spec.dependencies().iterator());
        }
    }

    /** Depth first without recursion: a chain may be as long as the configuration. */
    private static void walk(
            AppSpec start, Map<AppName, AppSpec> byName, Set<AppName> clear, Function<AppName, Location> at)
            throws ConfigException {
        Deque<Step> path = new ArrayDeque<>();
        Set<AppName> onPath = new HashSet<>();
        if (!clear.contains(start.name())) {
            path.addLast(Step.of(start));
            onPath.add(start.name());
        }
        while (!path.isEmpty()) {
            Step last = path.getLast();
            if (!last.rest().hasNext()) {
                path.removeLast();
                onPath.remove(last.spec().name());
                clear.add(last.spec().name());
                continue;
            }
            AppName next = last.rest().next().app();
            if (onPath.contains(next)) {
                throw ConfigException.invalid(at.apply(next), "'depends_on' goes in a circle: " + circle(path, next));
            }
            AppSpec spec = byName.get(next);
            if (spec != null && !clear.contains(next)) {
                path.addLast(Step.of(spec));
                onPath.add(next);
            }
        }
    }

    private static String circle(Deque<Step> path, AppName start) {
        var names = new ArrayList<String>();
        boolean inside = false;
        for (Step step : path) {
            inside |= step.spec().name().equals(start);
            if (inside) {
                names.add(step.spec().name().value());
            }
        }
        names.add(start.value());
        return String.join(" -> ", names);
    }
}
