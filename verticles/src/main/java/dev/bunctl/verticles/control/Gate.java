package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.InstanceStatus.State;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Dependency;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.state.DesiredApp;
import dev.bunctl.verticles.state.DesiredState;
import dev.bunctl.verticles.state.Intent;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Holds instances back that are asked to start, until what they depend on has come far enough. */
final class Gate {
    private final Fleet fleet;
    private final Waits waits;
    private final Supplier<DesiredState> state;
    /** How many commands have asked each instance to start and have not told its supervisor yet. */
    private final Map<String, Integer> asked = new HashMap<>();

    Gate(Fleet fleet, Waits waits, Supplier<DesiredState> state) {
        this.fleet = fleet;
        this.waits = waits;
        this.state = state;
    }

    /** What an instance waits for will not come by itself. */
    static final class HopelessException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HopelessException(String why) {
            super(why);
        }
    }

    /** How an instance that is waited for gets on. */
    private sealed interface Progress {
        record Met() implements Progress {}

        record Coming() implements Progress {}

        /** @param why in words that follow its name */
        record Hopeless(String why) implements Progress {}
    }

    private static final Progress MET = new Progress.Met();
    private static final Progress COMING = new Progress.Coming();

    /** An instance is asked to start; from now on others do not take its former end for the end they wait for. */
    void ask(String instance) {
        var _ = asked.merge(instance, 1, Integer::sum);
    }

    /** Its supervisor was told, or is not told any more. */
    void told(String instance) {
        var _ = asked.computeIfPresent(instance, (_, count) -> count == 1 ? null : count - 1);
        fleet.snapshot(instance).ifPresent(waits::changed);
    }

    /** Whether an instance is to be started as soon as it may. */
    boolean isAsked(String instance) {
        return asked.containsKey(instance);
    }

    /** Whether an instance was asked to start and what it waits for is there or may still come. */
    boolean mayOpen(Target target) {
        return asked.containsKey(target.name())
                && !(progress(target.spec(), new HashSet<>()) instanceof Progress.Hopeless);
    }

    /** What an instance that was asked to start still waits for. */
    Optional<String> reason(String instance, AppSpec spec) {
        return asked.containsKey(instance) && !spec.dependencies().isEmpty()
                ? Optional.of("waits for " + names(spec))
                : Optional.empty();
    }

    static String names(AppSpec spec) {
        List<String> names = new ArrayList<>();
        spec.dependencies().forEach(dependency -> names.add(dependency.app().value()));
        return String.join(", ", names);
    }

    /**
     * Completes when all that an app depends on has come far enough, or when nobody wants to know any more.
     *
     * @param untilHopeless whether it fails with {@link HopelessException} when something has failed, is stopped or has
     *     ended; otherwise it waits on
     * @param wanted whether somebody still wants to know; looked at whenever the instance or what it needs changes
     */
    Future<Void> passed(Target target, boolean untilHopeless, BooleanSupplier wanted) {
        AppSpec spec = target.spec();
        BooleanSupplier decided =
                () -> !wanted.getAsBoolean() || decided(progress(spec, new HashSet<>()), untilHopeless);
        if (decided.getAsBoolean()) {
            return outcome(spec, untilHopeless);
        }
        Set<String> watched = needed(spec);
        watched.add(target.name());
        // Also when one of them was deleted: what is left decides.
        return waits.untilAny(watched, decided).transform(_ -> passed(target, untilHopeless, wanted));
    }

    private static boolean decided(Progress progress, boolean untilHopeless) {
        return switch (progress) {
            case Progress.Met _ -> true;
            case Progress.Coming _ -> false;
            case Progress.Hopeless _ -> untilHopeless;
        };
    }

    private Future<Void> outcome(AppSpec spec, boolean untilHopeless) {
        return untilHopeless && progress(spec, new HashSet<>()) instanceof Progress.Hopeless(String why)
                ? Future.failedFuture(new HopelessException(why))
                : Future.succeededFuture();
    }

    /** Every instance that an app waits for, directly or through others. */
    private Set<String> needed(AppSpec spec) {
        Set<String> instances = new LinkedHashSet<>();
        Set<String> apps = new LinkedHashSet<>();
        List<AppSpec> open = new ArrayList<>(List.of(spec));
        while (!open.isEmpty()) {
            for (Dependency dependency : open.removeLast().dependencies()) {
                DesiredApp app = state.get().apps().get(dependency.app().value());
                if (app != null && apps.add(app.name())) {
                    open.add(app.spec());
                    app.instances().forEach(one -> instances.add(app.instanceName(one)));
                }
            }
        }
        return instances;
    }

    private Progress progress(AppSpec spec, Set<String> visited) {
        Progress all = MET;
        for (Dependency dependency : spec.dependencies()) {
            for (Target target : instances(dependency)) {
                Progress each = progress(dependency.condition(), target, visited);
                if (each instanceof Progress.Hopeless) {
                    return each;
                }
                all = each instanceof Progress.Coming ? each : all;
            }
        }
        return all;
    }

    private List<Target> instances(Dependency dependency) {
        DesiredApp app = state.get().apps().get(dependency.app().value());
        return app == null
                ? List.of()
                : app.instances().stream().map(one -> Target.of(app, one)).toList();
    }

    private Progress progress(Dependency.Condition condition, Target target, Set<String> visited) {
        String name = target.name();
        boolean starting = asked.containsKey(name);
        Optional<InstanceSnapshot> snapshot = fleet.snapshot(name);
        if (snapshot.isPresent() && Dependencies.met(condition, target.spec(), snapshot.get(), starting)) {
            return MET;
        }
        if (starting) {
            boolean first = visited.add(name);
            return first && progress(target.spec(), visited) instanceof Progress.Hopeless(String why)
                    ? new Progress.Hopeless("waits for " + name + ", which " + why)
                    : COMING;
        }
        return hopeless(target, snapshot)
                .<Progress>map(why -> new Progress.Hopeless("waits for " + name + ", which " + why))
                .orElse(COMING);
    }

    /** Why one that nobody is about to start will not come as far as it is waited for. */
    private static Optional<String> hopeless(Target target, Optional<InstanceSnapshot> snapshot) {
        boolean wanted = target.instance().intent() == Intent.RUN;
        if (snapshot.isEmpty()) {
            return wanted && target.spec().autoStart() ? Optional.empty() : Optional.of("is stopped");
        }
        InstanceSnapshot now = snapshot.get();
        if (!now.settled()) {
            return Optional.empty();
        }
        if (!now.succeeded()) {
            return Optional.of("failed: " + now.reason());
        }
        return now.state() != State.STOPPED
                ? Optional.empty()
                : Optional.of(wanted ? "has ended: " + now.reason() : "is stopped");
    }
}
