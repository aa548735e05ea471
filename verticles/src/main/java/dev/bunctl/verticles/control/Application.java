package dev.bunctl.verticles.control;

import dev.bunctl.conf.AppName;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Origin;
import dev.bunctl.conf.plan.Plan;
import dev.bunctl.conf.plan.Step;
import dev.bunctl.verticles.state.DesiredApp;
import dev.bunctl.verticles.state.DesiredInstance;
import dev.bunctl.verticles.state.DesiredState;
import dev.bunctl.verticles.state.Intent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What applying a configuration does to the desired state. Pure.
 *
 * <p>A configuration speaks for the apps that were started from its file, and for those it names. Others are left alone. An
 * app that the user stopped takes its new settings and stays stopped.
 *
 * @param steps what is done with each app
 * @param moves the same as instances
 * @param next the desired state afterwards
 * @param warnings for the user, in whole sentences
 */
record Application(List<Step> steps, List<Move> moves, DesiredState next, List<String> warnings) {
    Application {
        steps = List.copyOf(steps);
        moves = List.copyOf(moves);
        warnings = List.copyOf(warnings);
    }

    /**
     * What is done with the instances of one app.
     *
     * @param running those that run and go on
     * @param fresh those that are to be started
     * @param leaving those that are stopped and forgotten
     */
    record Move(Step.Action action, List<Target> running, List<Target> fresh, List<Target> leaving) {
        Move {
            running = List.copyOf(running);
            fresh = List.copyOf(fresh);
            leaving = List.copyOf(leaving);
        }

        /** Those that there are afterwards, as far as they are to run. */
        List<Target> staying() {
            List<Target> staying = new ArrayList<>(running);
            staying.addAll(fresh);
            return staying;
        }
    }

    /**
     * Plans, and changes nothing yet.
     *
     * @param specs the apps of the configuration, each name once
     * @param only names it is restricted to; empty for all
     */
    static Application of(DesiredState state, List<AppSpec> specs, Origin origin, Set<String> only) {
        return new Builder(state, origin).build(specs, only);
    }

    /** Every instance that the configuration speaks for. */
    List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (Move move : moves) {
            targets.addAll(move.staying());
            targets.addAll(move.leaving());
        }
        return targets;
    }

    /** The desired state afterwards, once what leaves is gone. */
    DesiredState known() {
        LinkedHashMap<String, DesiredApp> left = new LinkedHashMap<>(next.apps());
        left.values().removeIf(app -> !isKnown(app));
        return new DesiredState(next.nextId(), next.bootId(), left);
    }

    /** Names of apps that were started from a file. */
    static Set<String> owned(DesiredState state, Origin origin) {
        Set<String> owned = new TreeSet<>();
        for (DesiredApp app : state.apps().values()) {
            if (isKnown(app) && app.origin().filter(origin::isSameFile).isPresent()) {
                owned.add(app.name());
            }
        }
        return owned;
    }

    /** Not one that is only waited for to be forgotten. */
    private static boolean isKnown(DesiredApp app) {
        return app.instances().stream().anyMatch(one -> one.intent() != Intent.DELETE);
    }

    private static final class Builder {
        private final DesiredState state;
        private final Origin origin;
        private final LinkedHashMap<String, DesiredApp> apps;
        private final List<Step> steps = new ArrayList<>();
        private final List<Move> moves = new ArrayList<>();
        private final List<String> warnings = new ArrayList<>();
        private int nextId;

        Builder(DesiredState state, Origin origin) {
            this.state = state;
            this.origin = origin;
            this.apps = new LinkedHashMap<>(state.apps());
            this.nextId = state.nextId();
        }

        Application build(List<AppSpec> specs, Set<String> only) {
            Map<AppName, AppSpec> wanted = new LinkedHashMap<>();
            List<AppSpec> running = new ArrayList<>();
            Set<String> spoken = owned(state, origin);
            spoken.removeIf(name -> !only.isEmpty() && !only.contains(name));
            for (AppSpec spec : specs) {
                spoken.add(spec.name().value());
                wanted.put(spec.name(), inheriting(spec));
            }
            for (String name : spoken) {
                known(name).ifPresent(app -> running.add(app.spec()));
            }
            Plan.between(running, List.copyOf(wanted.values())).steps().forEach(step -> take(step, wanted));
            DesiredState next = new DesiredState(nextId, state.bootId(), apps);
            return new Application(steps, moves, next.apps().equals(state.apps()) ? state : next, warnings);
        }

        private Optional<DesiredApp> known(String name) {
            return state.find(name).filter(Application::isKnown);
        }

        /** What an app inherits is its first starter's. */
        private AppSpec inheriting(AppSpec spec) {
            return known(spec.name().value())
                    .map(app -> Changes.inherit(spec, app.spec().inheritedEnvironment()))
                    .orElse(spec);
        }

        private void take(Step planned, Map<AppName, AppSpec> wanted) {
            AppSpec spec = wanted.get(planned.app());
            Optional<DesiredApp> before = state.find(planned.app().value());
            if (spec == null) {
                steps.add(planned);
                before.ifPresent(app -> moves.add(leave(app)));
                return;
            }
            before.filter(Application::isKnown).ifPresent(this::warn);
            Step step = ofStopped(planned, before);
            steps.add(step);
            moves.add(place(step.action(), spec, before));
        }

        private void warn(DesiredApp app) {
            if (app.origin().filter(origin::isSameFile).isEmpty()) {
                String from = app.origin().map(other -> other.file().toString()).orElse("the command line");
                warnings.add(
                        app.name() + " was started from " + from + "; it belongs to this configuration from now on");
            }
            if (isStopped(app)) {
                warnings.add(app.name() + " is stopped and stays so until it is started");
            }
        }

        private static boolean isStopped(DesiredApp app) {
            return app.instances().stream().noneMatch(one -> one.intent() == Intent.RUN);
        }

        /** Nothing of a stopped app is there to be replaced. */
        private static Step ofStopped(Step step, Optional<DesiredApp> before) {
            boolean replaces = step.action() == Step.Action.RESTART || step.action() == Step.Action.RELOAD;
            return replaces && before.filter(Builder::isStopped).isPresent()
                    ? new Step(step.app(), Step.Action.CHANGE_LIVE, step.differences())
                    : step;
        }

        private Move leave(DesiredApp app) {
            List<Target> leaving = new ArrayList<>();
            List<DesiredInstance> instances = new ArrayList<>();
            for (DesiredInstance one : app.instances()) {
                DesiredInstance gone = new DesiredInstance(one.id(), one.number(), Intent.DELETE);
                instances.add(gone);
                leaving.add(new Target(app.spec(), gone));
            }
            apps.put(app.name(), new DesiredApp(app.spec(), instances, app.origin()));
            return new Move(Step.Action.STOP, List.of(), List.of(), leaving);
        }

        private Move place(Step.Action action, AppSpec spec, Optional<DesiredApp> before) {
            Intent intent = before.filter(Application::isKnown)
                            .filter(Builder::isStopped)
                            .isPresent()
                    ? Intent.STOP
                    : Intent.RUN;
            List<DesiredInstance> instances = new ArrayList<>();
            List<Target> running = new ArrayList<>();
            List<Target> fresh = new ArrayList<>();
            List<Target> leaving = new ArrayList<>();
            for (int number = 0; number < spec.instances().count(); number++) {
                Optional<DesiredInstance> former = instance(before, number);
                boolean goesOn = former.isPresent() && former.get().intent() != Intent.DELETE;
                DesiredInstance one = goesOn
                        ? former.get()
                        : new DesiredInstance(former.isPresent() ? former.get().id() : nextId++, number, intent);
                instances.add(one);
                if (one.intent() == Intent.RUN) {
                    (goesOn ? running : fresh).add(new Target(spec, one));
                }
            }
            before.ifPresent(app -> surplus(app, spec, instances, leaving));
            apps.put(spec.name().value(), new DesiredApp(spec, instances, Optional.of(origin)));
            return new Move(action, running, fresh, leaving);
        }

        private static void surplus(
                DesiredApp app, AppSpec spec, List<DesiredInstance> instances, List<Target> leaving) {
            for (DesiredInstance one : app.instances()) {
                if (one.number() >= spec.instances().count()) {
                    DesiredInstance gone = new DesiredInstance(one.id(), one.number(), Intent.DELETE);
                    instances.add(gone);
                    leaving.add(new Target(spec, gone));
                }
            }
        }

        private static Optional<DesiredInstance> instance(Optional<DesiredApp> app, int number) {
            return app.flatMap(known -> known.instances().stream()
                    .filter(one -> one.number() == number)
                    .findFirst());
        }
    }
}
