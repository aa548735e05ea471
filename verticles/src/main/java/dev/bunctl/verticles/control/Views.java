package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.InstanceStatus;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** What people see of instances. */
final class Views {
    private static final System.Logger LOG = System.getLogger(Views.class.getName());

    private final Vertx vertx;
    private final Fleet fleet;
    private final Gate gate;
    private final UsageMeter meter;
    private final AppLogs logs;
    private final Clock clock;

    Views(Vertx vertx, Fleet fleet, Gate gate, UsageMeter meter, AppLogs logs, Clock clock) {
        this.vertx = vertx;
        this.fleet = fleet;
        this.gate = gate;
        this.meter = meter;
        this.logs = logs;
        this.clock = clock;
    }

    /**
     * One entry a target, with readings of those that run. A host that gives none leaves them out.
     *
     * @param everything all instances that are known
     */
    Future<List<InstanceStatus>> of(List<Target> targets, List<Target> everything) {
        Map<ProcessIdentity, Instant> started = new HashMap<>();
        for (Target target : targets) {
            fleet.snapshot(target.name())
                    .ifPresent(snapshot -> snapshot.identity()
                            .ifPresent(identity ->
                                    started.put(identity, snapshot.startedAt().orElseGet(clock::instant))));
        }
        if (started.isEmpty()) {
            return Future.succeededFuture(entries(targets, Map.of()));
        }
        Set<ProcessIdentity> running = running(everything);
        return vertx.executeBlocking(() -> meter.measure(started, running, clock.instant()), false)
                .recover(cause -> {
                    LOG.log(System.Logger.Level.WARNING, "no readings of CPU and memory", cause);
                    return Future.succeededFuture(Map.of());
                })
                .map(readings -> entries(targets, readings));
    }

    private Set<ProcessIdentity> running(List<Target> everything) {
        Set<ProcessIdentity> running = new HashSet<>();
        for (Target target : everything) {
            fleet.snapshot(target.name()).flatMap(InstanceSnapshot::identity).ifPresent(running::add);
        }
        return running;
    }

    private List<InstanceStatus> entries(List<Target> targets, Map<ProcessIdentity, UsageMeter.Reading> readings) {
        List<InstanceStatus> entries = new ArrayList<>(targets.size());
        for (Target target : targets) {
            entries.add(entry(target, readings));
        }
        return entries;
    }

    private InstanceStatus entry(Target target, Map<ProcessIdentity, UsageMeter.Reading> readings) {
        Optional<InstanceSnapshot> snapshot = fleet.snapshot(target.name());
        Optional<ProcessIdentity> identity = identityOf(snapshot);
        Optional<UsageMeter.Reading> reading = identity.map(readings::get);
        return new InstanceStatus(
                target.instance().id(),
                target.spec().name().value(),
                target.instance().number(),
                target.spec().namespace(),
                identity.isPresent() ? OptionalLong.of(identity.get().pid()) : OptionalLong.empty(),
                snapshot.map(InstanceSnapshot::state).orElse(InstanceStatus.State.STOPPED),
                snapshot.map(InstanceSnapshot::generation).orElse(0),
                snapshot.map(InstanceSnapshot::restarts).orElse(0),
                identity.isPresent() ? uptime(snapshot.flatMap(InstanceSnapshot::startedAt)) : 0,
                reading.map(UsageMeter.Reading::cpuPercent),
                reading.isPresent() ? OptionalLong.of(reading.get().memoryBytes()) : OptionalLong.empty(),
                snapshot.map(InstanceSnapshot::exitCode).orElse(OptionalInt.empty()),
                reason(target, snapshot),
                logs.out(target.spec(), target.instance().number()),
                logs.err(target.spec(), target.instance().number()));
    }

    private String reason(Target target, Optional<InstanceSnapshot> snapshot) {
        Optional<String> waits =
                identityOf(snapshot).isPresent() ? Optional.empty() : gate.reason(target.name(), target.spec());
        return waits.or(() -> snapshot.map(InstanceSnapshot::reason)).orElse("");
    }

    private static Optional<ProcessIdentity> identityOf(Optional<InstanceSnapshot> snapshot) {
        return snapshot.flatMap(InstanceSnapshot::identity);
    }

    private long uptime(Optional<Instant> startedAt) {
        return startedAt
                .map(at -> Math.max(0, Duration.between(at, clock.instant()).toMillis()))
                .orElse(0L);
    }
}
