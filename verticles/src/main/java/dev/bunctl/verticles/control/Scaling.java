package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command.Scale.Count;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Instances;
import dev.bunctl.conf.plan.SpecFields;
import dev.bunctl.verticles.control.Changes.Plan;
import dev.bunctl.verticles.state.DesiredApp;
import dev.bunctl.verticles.state.DesiredInstance;
import dev.bunctl.verticles.state.DesiredState;
import dev.bunctl.verticles.state.Intent;
import dev.bunctl.verticles.state.StateStore.Change;
import dev.bunctl.verticles.state.StateStore.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What another count of instances does to the desired state. Pure. */
final class Scaling {
    private Scaling() {}

    /** Gives an app so many instances. The targets of the plan are the new ones only. */
    static Change<Plan> of(String name, Count count) {
        return state -> {
            Optional<DesiredApp> app = state.find(name);
            if (app.isEmpty()) {
                return new Outcome<>(state, new Plan.Rejected(Choice.unknownApp(state, name)));
            }
            long wanted = switch (count) {
                case Count.To(int instances) -> instances;
                case Count.By(int instances) ->
                    (long) app.get().spec().instances().count() + instances;
            };
            return refusal(name, wanted)
                    .map(refused -> new Outcome<Plan>(state, new Plan.Rejected(refused)))
                    .orElseGet(() -> scaled(state, app.get(), (int) wanted));
        };
    }

    private static Optional<Answer.Refused> refusal(String name, long wanted) {
        if (wanted > Instances.MAX) {
            return Optional.of(new Answer.Refused(
                    ErrorCode.LIMIT,
                    "an app can have at most " + Instances.MAX + " instances, not " + wanted,
                    Optional.empty()));
        }
        return wanted >= 1
                ? Optional.empty()
                : Optional.of(new Answer.Refused(
                        ErrorCode.INVALID,
                        "app '" + name + "' needs at least one instance, not " + wanted,
                        Optional.of("`bunctl stop " + name + "` stops it, `bunctl delete " + name + "` forgets it")));
    }

    private static Outcome<Plan> scaled(DesiredState state, DesiredApp app, int count) {
        AppSpec spec = SpecFields.changedBy(
                "bunctl scale",
                app.spec(),
                app.spec().withInstances(app.spec().instances().withCount(count)));
        boolean runs = app.instances().stream().anyMatch(one -> one.intent() == Intent.RUN);
        List<DesiredInstance> instances = new ArrayList<>();
        List<Target> added = new ArrayList<>();
        List<Target> surplus = new ArrayList<>();
        int nextId = state.nextId();
        for (int number = 0; number < count; number++) {
            Optional<DesiredInstance> known = Changes.instance(Optional.of(app), number);
            if (known.isPresent() && known.get().intent() != Intent.DELETE) {
                instances.add(known.get());
                continue;
            }
            int id = known.isPresent() ? known.get().id() : nextId++;
            DesiredInstance wanted = new DesiredInstance(id, number, runs ? Intent.RUN : Intent.STOP);
            instances.add(wanted);
            added.add(new Target(spec, wanted));
        }
        for (DesiredInstance one : app.instances()) {
            if (one.number() >= count) {
                DesiredInstance leaving = new DesiredInstance(one.id(), one.number(), Intent.DELETE);
                instances.add(leaving);
                surplus.add(new Target(spec, leaving));
            }
        }
        LinkedHashMap<String, DesiredApp> apps = new LinkedHashMap<>(state.apps());
        apps.put(app.name(), new DesiredApp(spec, instances, app.origin()));
        DesiredState next = new DesiredState(nextId, state.bootId(), apps);
        return Changes.problemOf(next, added)
                .map(problem -> new Outcome<Plan>(state, new Plan.Rejected(problem)))
                .orElseGet(() -> new Outcome<>(
                        next.apps().equals(state.apps()) ? state : next, new Plan.Accepted(added, surplus, Map.of())));
    }
}
