package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.LimitChanges;
import dev.bunctl.conf.plan.SpecFields;
import dev.bunctl.verticles.state.DesiredApp;
import dev.bunctl.verticles.state.DesiredInstance;
import dev.bunctl.verticles.state.DesiredState;
import dev.bunctl.verticles.state.Intent;
import dev.bunctl.verticles.state.StateStore.Change;
import dev.bunctl.verticles.state.StateStore.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What each command does to the desired state. Pure. */
final class Changes {
    private Changes() {}

    /** What a change comes to. */
    sealed interface Plan {
        /**
         * It is accepted.
         *
         * @param targets the instances it is for, as they are wanted now
         * @param surplus instances that the new specification has no more
         * @param changed names of apps that were known with another specification, and in what it differs
         */
        record Accepted(List<Target> targets, List<Target> surplus, Map<String, Novelty> changed) implements Plan {
            public Accepted {
                targets = List.copyOf(targets);
                surplus = List.copyOf(surplus);
                changed = Map.copyOf(changed);
            }

            Novelty novelty(Target target) {
                return changed.getOrDefault(target.spec().name().value(), Novelty.NONE);
            }
        }

        /** Nothing changes. */
        record Rejected(Answer.Refused refusal) implements Plan {}
    }

    private static Outcome<Plan> rejected(DesiredState state, ErrorCode code, String detail, Optional<String> hint) {
        return new Outcome<>(state, new Plan.Rejected(new Answer.Refused(code, detail, hint)));
    }

    /** Makes these apps known and wants them to run. */
    static Change<Plan> start(Command.Start command) {
        List<AppSpec> specs = command.specs();
        return state -> {
            Set<String> names = new HashSet<>();
            for (AppSpec spec : specs) {
                if (!names.add(spec.name().value())) {
                    return rejected(
                            state, ErrorCode.INVALID, "app '" + spec.name() + "' is there twice", Optional.empty());
                }
            }
            if (specs.isEmpty()) {
                return rejected(state, ErrorCode.INVALID, "no app was given", Optional.empty());
            }
            return started(state, command);
        };
    }

    private static Outcome<Plan> started(DesiredState state, Command.Start command) {
        LinkedHashMap<String, DesiredApp> apps = new LinkedHashMap<>(state.apps());
        List<Target> targets = new ArrayList<>();
        List<Target> surplus = new ArrayList<>();
        Map<String, Novelty> changed = new HashMap<>();
        int nextId = state.nextId();
        for (AppSpec given : command.specs()) {
            Optional<DesiredApp> known = state.find(given.name().value());
            AppSpec spec = known.isPresent() && !command.updateEnvironment()
                    ? inherit(given, known.get().spec().inheritedEnvironment())
                    : given;
            List<DesiredInstance> instances = new ArrayList<>();
            for (int number = 0; number < spec.instances().count(); number++) {
                Optional<DesiredInstance> former = instance(known, number);
                int id = former.isPresent() ? former.get().id() : nextId++;
                DesiredInstance wanted = new DesiredInstance(id, number, Intent.RUN);
                instances.add(wanted);
                targets.add(new Target(spec, wanted));
            }
            known.ifPresent(app -> {
                for (DesiredInstance one : app.instances()) {
                    if (one.number() >= spec.instances().count()) {
                        DesiredInstance leaving = new DesiredInstance(one.id(), one.number(), Intent.DELETE);
                        instances.add(leaving);
                        surplus.add(new Target(spec, leaving));
                    }
                }
            });
            known.ifPresent(app -> changed.put(spec.name().value(), Novelty.of(app.spec(), spec)));
            apps.put(spec.name().value(), new DesiredApp(spec, instances, command.origin()));
        }
        return checked(state, new DesiredState(nextId, state.bootId(), apps), targets, surplus, changed);
    }

    static Optional<DesiredInstance> instance(Optional<DesiredApp> app, int number) {
        return app.flatMap(known ->
                known.instances().stream().filter(one -> one.number() == number).findFirst());
    }

    private static Outcome<Plan> checked(
            DesiredState state,
            DesiredState next,
            List<Target> targets,
            List<Target> surplus,
            Map<String, Novelty> changed) {
        Optional<Answer.Refused> problem = problemOf(next, targets);
        if (problem.isPresent()) {
            return new Outcome<>(state, new Plan.Rejected(problem.get()));
        }
        boolean same = next.apps().equals(state.apps());
        return new Outcome<>(same ? state : next, new Plan.Accepted(targets, surplus, changed));
    }

    /** Why a state cannot be wanted: it is too large, or what these instances wait for never comes. */
    static Optional<Answer.Refused> problemOf(DesiredState next, List<Target> targets) {
        if (next.apps().size() > DesiredState.MAX_APPS) {
            return refusal(ErrorCode.LIMIT, "at most " + DesiredState.MAX_APPS + " apps can be known");
        }
        if (next.instanceCount() > DesiredState.MAX_INSTANCES) {
            return refusal(ErrorCode.LIMIT, "at most " + DesiredState.MAX_INSTANCES + " instances can be known");
        }
        return Dependencies.problemOf(next, targets).flatMap(problem -> refusal(ErrorCode.INVALID, problem));
    }

    private static Optional<Answer.Refused> refusal(ErrorCode code, String detail) {
        return Optional.of(new Answer.Refused(code, detail, Optional.empty()));
    }

    /** Wants something else of known instances; with the wish to run, also an app's specification may change. */
    static Change<Plan> intend(Selection selection, Intent intent, UnaryOperator<AppSpec> respecified) {
        return state -> switch (Choice.of(state, selection)) {
            case Choice.Unknown(Answer.Refused refusal) -> new Outcome<>(state, new Plan.Rejected(refusal));
            case Choice.Chosen(List<Target> targets) -> intended(state, targets, intent, respecified);
        };
    }

    private static Outcome<Plan> intended(
            DesiredState state, List<Target> targets, Intent intent, UnaryOperator<AppSpec> respecified) {
        Map<String, Set<Integer>> ids = new LinkedHashMap<>();
        for (Target target : targets) {
            var _ = ids.computeIfAbsent(target.spec().name().value(), name -> new HashSet<>())
                    .add(target.instance().id());
        }
        LinkedHashMap<String, DesiredApp> apps = new LinkedHashMap<>(state.apps());
        List<Target> wanted = new ArrayList<>(targets.size());
        ids.forEach((name, chosen) -> {
            DesiredApp known = state.apps().get(name);
            if (known == null) {
                throw new IllegalStateException("chosen and not known: " + name);
            }
            DesiredApp app = known.with(respecified.apply(known.spec())).with(chosen, intent);
            apps.put(name, app);
            for (DesiredInstance instance : app.instances()) {
                if (chosen.contains(instance.id())) {
                    wanted.add(Target.of(app, instance));
                }
            }
        });
        DesiredState next = new DesiredState(state.nextId(), state.bootId(), apps);
        return new Outcome<>(
                next.apps().equals(state.apps()) ? state : next, new Plan.Accepted(wanted, List.of(), Map.of()));
    }

    /**
     * Changes limits of the apps that are selected, in whole or in part; what is wanted of them stays.
     *
     * @param problemOf why an app cannot have its new limits, when it cannot
     */
    static Change<Plan> limit(
            Selection selection, LimitChanges changes, Function<AppSpec, Optional<String>> problemOf) {
        return state -> switch (Choice.of(state, selection)) {
            case Choice.Unknown(Answer.Refused refusal) -> new Outcome<>(state, new Plan.Rejected(refusal));
            case Choice.Chosen(List<Target> targets) -> limited(state, targets, changes, problemOf);
        };
    }

    private static Outcome<Plan> limited(
            DesiredState state,
            List<Target> chosen,
            LimitChanges changes,
            Function<AppSpec, Optional<String>> problemOf) {
        LinkedHashMap<String, DesiredApp> apps = new LinkedHashMap<>(state.apps());
        List<Target> targets = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        chosen.forEach(target -> names.add(target.spec().name().value()));
        for (String name : names) {
            DesiredApp known = apps.get(name);
            if (known == null) {
                throw new IllegalStateException("chosen and not known: " + name);
            }
            AppSpec spec = SpecFields.changedBy(
                    "bunctl set-limit",
                    known.spec(),
                    known.spec().withLimits(known.spec().limits().with(changes)));
            Optional<String> problem = problemOf.apply(spec);
            if (problem.isPresent()) {
                return rejected(state, ErrorCode.UNSUPPORTED, problem.get(), Optional.empty());
            }
            DesiredApp app = known.with(spec);
            apps.put(name, app);
            app.instances().forEach(instance -> targets.add(Target.of(app, instance)));
        }
        DesiredState next = new DesiredState(state.nextId(), state.bootId(), apps);
        return new Outcome<>(
                next.apps().equals(state.apps()) ? state : next, new Plan.Accepted(targets, List.of(), Map.of()));
    }

    /** The same app in another inherited environment. */
    static AppSpec inherit(AppSpec spec, Map<String, String> environment) {
        return spec.withEnvironments(spec.environment(), environment);
    }

    /**
     * Forgets one instance, unless the user has wanted it again meanwhile. Answers whether it is forgotten.
     *
     * @param under what is wanted of it when it may be forgotten
     */
    static Change<Boolean> forget(Target target, Intent under) {
        return state -> {
            DesiredApp app = state.apps().get(target.spec().name().value());
            if (app == null) {
                return new Outcome<>(state, true);
            }
            List<DesiredInstance> kept = app.instances().stream()
                    .filter(one -> one.id() != target.instance().id() || one.intent() != under)
                    .toList();
            boolean gone =
                    kept.stream().noneMatch(one -> one.id() == target.instance().id());
            if (kept.size() == app.instances().size()) {
                return new Outcome<>(state, gone);
            }
            LinkedHashMap<String, DesiredApp> apps = new LinkedHashMap<>(state.apps());
            if (kept.isEmpty()) {
                apps.remove(app.name());
            } else {
                apps.put(app.name(), new DesiredApp(app.spec(), kept, app.origin()));
            }
            return new Outcome<>(new DesiredState(state.nextId(), state.bootId(), apps), true);
        };
    }
}
