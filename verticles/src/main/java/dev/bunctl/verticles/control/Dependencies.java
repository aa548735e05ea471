package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.InstanceStatus;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Dependency;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.state.DesiredApp;
import dev.bunctl.verticles.state.DesiredState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
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
            if (reaches(state, target.spec(), name)) {
                return Optional.of("app '" + name + "' depends on itself, through its dependencies");
            }
        }
        return Optional.empty();
    }

    private static boolean reaches(DesiredState state, AppSpec from, String name) {
        Set<String> visited = new HashSet<>();
        Deque<AppSpec> open = new ArrayDeque<>(List.of(from));
        while (!open.isEmpty()) {
            for (Dependency dependency : open.removeFirst().dependencies()) {
                String next = dependency.app().value();
                if (next.equals(name)) {
                    return true;
                }
                DesiredApp app = state.apps().get(next);
                if (app != null && visited.add(next)) {
                    open.addLast(app.spec());
                }
            }
        }
        return false;
    }

    /** Whether an instance has come as far as an app that waits for it asks. */
    static boolean met(Dependency.Condition condition, InstanceSnapshot snapshot) {
        return switch (condition) {
            case STARTED -> snapshot.identity().isPresent() || finished(snapshot);
            case READY, HEALTHY -> snapshot.state() == InstanceStatus.State.ONLINE;
            case COMPLETED -> finished(snapshot);
        };
    }

    private static boolean finished(InstanceSnapshot snapshot) {
        return snapshot.state() == InstanceStatus.State.STOPPED
                && snapshot.settled()
                && snapshot.succeeded()
                && snapshot.exitCode().isPresent();
    }
}
