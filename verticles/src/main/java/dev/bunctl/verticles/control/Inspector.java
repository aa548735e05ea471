package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Accounting;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Answer.InstanceResult;
import dev.bunctl.bridge.message.CrashRecord;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.HostCapability;
import dev.bunctl.bridge.message.InstanceStatus;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.EnvironmentMask;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.internal.SupervisorCommand;
import dev.bunctl.verticles.schedule.CronSchedule;
import dev.bunctl.verticles.state.DesiredApp;
import dev.bunctl.verticles.state.Intent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Answers questions; changes nothing and waits for nobody. */
final class Inspector {
    /** How many ends of an app's processes a description has. */
    static final int DESCRIBED_CRASHES = 10;

    private final ControlSetting setting;
    private final Fleet fleet;
    private final Gate gate;
    private final Views views;
    private final Accounts accounts;

    Inspector(Vertx vertx, ControlSetting setting, Fleet fleet, Gate gate) {
        this.setting = setting;
        this.fleet = fleet;
        this.accounts = new Accounts(vertx, setting.platform());
        this.gate = gate;
        UsageMeter meter = new UsageMeter(setting.platform().sampler());
        this.views = new Views(vertx, fleet, gate, meter, setting.logs(), setting.clock());
    }

    Answer.Pong pong() {
        ControlSetting.DaemonIdentity daemon = setting.daemon();
        long uptime =
                Duration.between(daemon.startedAt(), setting.clock().instant()).toMillis();
        return new Answer.Pong(
                daemon.pid(),
                daemon.guardPid(),
                daemon.version(),
                Math.max(0, uptime),
                daemon.home().toString());
    }

    Future<Answer> status(Selection selection) {
        return switch (Choice.of(setting.store().state(), selection)) {
            case Choice.Unknown(Answer.Refused refusal) -> Future.succeededFuture(refusal);
            case Choice.Chosen(List<Target> targets) ->
                entries(targets).map(entries -> new Answer.Status(entries, warnings(targets), capabilities()));
        };
    }

    private Future<List<InstanceStatus>> entries(List<Target> targets) {
        return views.of(targets, Choice.everything(setting.store().state()));
    }

    private List<HostCapability> capabilities() {
        return setting.platform().capabilities().all().stream()
                .map(one -> new HostCapability(one.name(), one.available(), one.cause()))
                .toList();
    }

    /** What a daemon's user should know whatever was asked, and of these apps which limits do not hold. */
    private List<String> warnings(List<Target> targets) {
        List<String> warnings = new ArrayList<>(setting.warnings().get());
        warnings.addAll(Shortfalls.limits(setting.platform().capabilities(), specs(targets)));
        warnings.addAll(unwatched(targets));
        List<ProcessKey> strays = fleet.strays();
        if (!strays.isEmpty()) {
            List<String> names = strays.stream().map(ProcessKey::instance).toList();
            warnings.add("No saved app accounts for these processes, which run on: " + String.join(", ", names)
                    + ". Start the app of that name to take them over; `bunctl kill` ends them.");
        }
        return warnings;
    }

    private static Collection<AppSpec> specs(List<Target> targets) {
        Map<String, AppSpec> specs = new LinkedHashMap<>();
        targets.forEach(target -> specs.put(target.spec().name().value(), target.spec()));
        return specs.values();
    }

    /** The answer to a command that touched these instances; those forgotten meanwhile are left out. */
    Future<Answer> changed(List<Target> touched, List<InstanceResult> results) {
        Map<Integer, Target> known = new TreeMap<>();
        Choice.everything(setting.store().state())
                .forEach(target -> known.put(target.instance().id(), target));
        List<Target> left = new ArrayList<>();
        for (Target target : touched) {
            Target now = known.get(target.instance().id());
            if (now != null) {
                left.add(now);
            }
        }
        return entries(left).map(entries -> new Answer.Changed(results, entries, shortfalls(left, entries)));
    }

    /** Of those that run, or are to: whoever stops an app knows what it was. */
    private List<String> shortfalls(List<Target> targets, List<InstanceStatus> entries) {
        Set<Integer> stopped = entries.stream()
                .filter(entry -> entry.state() == InstanceStatus.State.STOPPED)
                .map(InstanceStatus::id)
                .collect(Collectors.toSet());
        List<Target> others = targets.stream()
                .filter(target -> !stopped.contains(target.instance().id()))
                .toList();
        List<String> warnings = new ArrayList<>(Shortfalls.of(setting.platform().capabilities(), specs(others)));
        warnings.addAll(unwatched(others));
        return warnings;
    }

    /** What should be watched and is not. */
    private List<String> unwatched(List<Target> targets) {
        return snapshots(targets).stream()
                .flatMap(snapshot -> snapshot.unwatched().stream()
                        .map(why -> snapshot.instance() + ": its files are not watched: " + why))
                .toList();
    }

    /** Why these apps cannot be started here. */
    Optional<Answer.Refused> unfit(Collection<AppSpec> specs) {
        Optional<String> unenforced = strictProblem(specs);
        if (unenforced.isPresent()) {
            return Optional.of(new Answer.Refused(ErrorCode.UNSUPPORTED, unenforced.get(), Optional.empty()));
        }
        for (AppSpec spec : specs) {
            Optional<String> problem = spec.cronRestart().flatMap(CronSchedule::problemOf);
            if (problem.isPresent()) {
                return Optional.of(
                        new Answer.Refused(ErrorCode.INVALID, spec.name() + ": " + problem.get(), Optional.empty()));
            }
        }
        return Optional.empty();
    }

    /** Why an app that insists on its limits cannot be started here. */
    Optional<String> strictProblem(Collection<AppSpec> specs) {
        for (AppSpec spec : specs) {
            List<String> missing = Shortfalls.unenforced(setting.platform().capabilities(), spec.limits());
            if (spec.limits().strict() && !missing.isEmpty()) {
                return Optional.of("app '" + spec.name() + "' insists on limits that this host does not enforce: "
                        + String.join("; ", missing));
            }
        }
        return Optional.empty();
    }

    Future<Answer> description(Selection selection) {
        return switch (Choice.of(setting.store().state(), selection)) {
            case Choice.Unknown(Answer.Refused refusal) -> Future.succeededFuture(refusal);
            case Choice.Chosen(List<Target> targets) ->
                remembered(targets)
                        .compose(_ -> entries(targets))
                        .compose(entries ->
                                accounts.of(snapshots(targets)).map(usage -> described(targets, entries, usage)));
        };
    }

    private List<InstanceSnapshot> snapshots(List<Target> targets) {
        return targets.stream()
                .flatMap(target -> fleet.snapshot(target.name()).stream())
                .toList();
    }

    private Answer described(List<Target> targets, List<InstanceStatus> entries, List<Accounting> usage) {
        Map<String, List<Target>> byApp = new LinkedHashMap<>();
        targets.forEach(target -> byApp.computeIfAbsent(target.spec().name().value(), _ -> new ArrayList<>())
                .add(target));
        List<Answer.AppDescription> apps = new ArrayList<>();
        byApp.forEach((name, mine) -> {
            List<InstanceStatus> statuses =
                    entries.stream().filter(entry -> entry.name().equals(name)).toList();
            apps.add(new Answer.AppDescription(
                    EnvironmentMask.hidden(mine.getFirst().spec()),
                    statuses,
                    last(crashes(mine)),
                    usage(mine, usage),
                    setting.store().state().find(name).flatMap(DesiredApp::origin)));
        });
        List<String> warnings = new ArrayList<>(Shortfalls.of(setting.platform().capabilities(), specs(targets)));
        warnings.addAll(unwatched(targets));
        return new Answer.Description(apps, warnings);
    }

    private static List<Accounting> usage(List<Target> targets, List<Accounting> all) {
        Set<String> names = targets.stream().map(Target::name).collect(Collectors.toSet());
        return all.stream().filter(one -> names.contains(one.instance())).toList();
    }

    Future<Answer> history(Selection selection) {
        return switch (Choice.of(setting.store().state(), selection)) {
            case Choice.Unknown(Answer.Refused refusal) -> Future.succeededFuture(refusal);
            case Choice.Chosen(List<Target> targets) ->
                remembered(targets).map(_ -> new Answer.History(crashes(targets)));
        };
    }

    /** Has instances that were left stopped by a former daemon recall what is known of them. */
    private Future<Void> remembered(List<Target> targets) {
        List<Future<?>> recalled = new ArrayList<>();
        for (Target target : targets) {
            boolean idle = fleet.snapshot(target.name()).isEmpty() && !gate.isAsked(target.name());
            if (idle && target.instance().intent() != Intent.DELETE) {
                fleet.ensure(target, false);
                recalled.add(fleet.ask(target.name(), new SupervisorCommand.InspectInstance()));
            }
        }
        return recalled.isEmpty()
                ? Future.succeededFuture()
                : Future.all(recalled).mapEmpty();
    }

    private static List<CrashRecord> last(List<CrashRecord> crashes) {
        return crashes.subList(Math.max(0, crashes.size() - DESCRIBED_CRASHES), crashes.size());
    }

    private List<CrashRecord> crashes(List<Target> targets) {
        return snapshots(targets).stream()
                .map(InstanceSnapshot::crashes)
                .flatMap(List::stream)
                .sorted(Comparator.comparing(CrashRecord::at))
                .toList();
    }
}
