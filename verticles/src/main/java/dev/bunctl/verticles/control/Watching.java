package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Answer.InstanceResult;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.WatchPolicy;
import dev.bunctl.conf.plan.SpecFields;
import dev.bunctl.verticles.internal.SupervisorCommand.ChangeWatch;
import dev.bunctl.verticles.state.DesiredApp;
import dev.bunctl.verticles.state.DesiredState;
import dev.bunctl.verticles.state.StateStore.Change;
import dev.bunctl.verticles.state.StateStore.Outcome;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns the watch over the files of apps on and off while they run. */
final class Watching {
    private Watching() {}

    /** Of whole apps, for good; what is wanted of them otherwise stays. */
    static Change<Changes.Plan> toggle(Selection selection, boolean on) {
        return state -> switch (Choice.of(state, selection)) {
            case Choice.Unknown(Answer.Refused refusal) -> new Outcome<>(state, new Changes.Plan.Rejected(refusal));
            case Choice.Chosen(List<Target> targets) -> toggled(state, targets, on);
        };
    }

    private static Outcome<Changes.Plan> toggled(DesiredState state, List<Target> chosen, boolean on) {
        LinkedHashMap<String, DesiredApp> apps = new LinkedHashMap<>(state.apps());
        List<Target> targets = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        chosen.forEach(target -> names.add(target.spec().name().value()));
        for (String name : names) {
            DesiredApp app = apps.computeIfPresent(name, (_, known) -> known.with(toggled(known.spec(), on)));
            if (app == null) {
                throw new IllegalStateException("chosen and not known: " + name);
            }
            app.instances().forEach(instance -> targets.add(Target.of(app, instance)));
        }
        DesiredState next = new DesiredState(state.nextId(), state.bootId(), apps);
        return new Outcome<>(
                next.apps().equals(state.apps()) ? state : next,
                new Changes.Plan.Accepted(targets, List.of(), Map.of()));
    }

    /** An app that names no files is watched in its whole folder. */
    static AppSpec toggled(AppSpec spec, boolean on) {
        if (spec.watch().isEmpty() && !on) {
            return spec;
        }
        return SpecFields.changedBy(
                on ? "bunctl watch" : "bunctl unwatch",
                spec,
                spec.withWatch(spec.watch()
                        .orElseGet(() -> WatchPolicy.of(spec.directory()))
                        .enabled(on)));
    }

    /** Makes it so for an instance, at once when it runs. */
    static Future<InstanceResult> carryOut(Fleet fleet, Target target) {
        boolean on = target.spec().watch().filter(WatchPolicy::enabled).isPresent();
        String word = on ? "watched" : "not watched any more";
        String name = target.name();
        if (fleet.snapshot(name).isEmpty()) {
            return Future.succeededFuture(Results.done(name, word));
        }
        return fleet.ask(name, new ChangeWatch(target.spec()))
                .map(snapshot -> snapshot.unwatched()
                        .map(why -> Results.failed(name, "its files are not watched: " + why))
                        .orElseGet(() -> Results.done(name, word)))
                .otherwise(cause -> Results.failed(name, cause));
    }
}
