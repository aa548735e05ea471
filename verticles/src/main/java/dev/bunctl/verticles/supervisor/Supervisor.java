package dev.bunctl.verticles.supervisor;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.CronRestart;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.Signal;
import dev.bunctl.verticles.internal.InstanceEvent;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.internal.SupervisorCommand;
import dev.bunctl.verticles.lifecycle.Desired;
import dev.bunctl.verticles.lifecycle.Effect;
import dev.bunctl.verticles.lifecycle.Event;
import dev.bunctl.verticles.lifecycle.Generation;
import dev.bunctl.verticles.lifecycle.Lifecycle;
import dev.bunctl.verticles.lifecycle.Memory;
import dev.bunctl.verticles.lifecycle.Phase;
import dev.bunctl.verticles.lifecycle.Restoration;
import dev.bunctl.verticles.lifecycle.Slot;
import dev.bunctl.verticles.lifecycle.Step;
import dev.bunctl.verticles.lifecycle.TimerName;
import dev.bunctl.verticles.log.OutputCollector;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Feeds what happens to one instance to {@link Lifecycle} and carries out what it decides. On one thread at a time. */
final class Supervisor implements Processes.ProcessObserver {
    /** How many of the last lines of stderr a crash record keeps. */
    static final int LAST_LINES = 20;

    /** Announced when files are not watched although they should be. */
    static final String WATCH_FAILED = "watch_failed";

    private static final System.Logger LOG = System.getLogger(Supervisor.class.getName());

    private final String instance;
    private final int number;
    private final SupervisorServices services;
    private final Surroundings around;
    private final RuntimeWriter writer;
    private final Map<TimerName, Long> timers = new HashMap<>(4);
    private final Map<Integer, OutputCollector.Collection> outputs = new HashMap<>(2);
    private final Map<Integer, Watches.Watch> watches = new HashMap<>(2);
    private final Map<Integer, Instant> asked = new HashMap<>(2);
    private final HeldLimits limits;
    private final CronClock cron;
    private final Launcher launcher;
    private final FollowedFiles files;
    private AppSpec spec;
    private Slot slot = Slot.NEW;
    private boolean unsaved;
    private boolean closed;

    Supervisor(String instance, int number, AppSpec spec, SupervisorServices services, Surroundings around) {
        this.instance = instance;
        this.number = number;
        this.spec = spec;
        this.services = services;
        this.around = around;
        this.writer = new RuntimeWriter(instance, services, around);
        this.cron = new CronClock(around, this::cronDue);
        this.limits = new HeldLimits(services, around, this::on);
        this.launcher = new Launcher(number, services, around, this);
        this.files = new FollowedFiles(services.files(), around, this::filesChanged, this::filesUnfollowed);
    }

    /** Takes over what a former daemon left, or begins. */
    void begin(Memory memory, List<Processes.Survivor> survivors, Desired desired) {
        Step first = Restoration.restore(
                memory, survivors.stream().map(Supervisor::found).toList(), desired, spec, around.now());
        for (Processes.Survivor survivor : survivors) {
            collect(survivor.key(), survivor.stdout(), survivor.stderr());
            limits.tookOver(subject(survivor.key(), survivor.identity(), survivor.startedAt()));
            if (survivor.exit().isEmpty()) {
                launcher.adopt(spec, survivor.key());
            }
            services.platform().processes().adopt(survivor, this, around.executor());
        }
        take(first);
        cron.follow(spec.cronRestart());
    }

    private void cronDue() {
        String expression = spec.cronRestart().map(CronRestart::expression).orElse("");
        on(new Event.RestartDue(Event.Occasion.CRON, "cron " + expression));
    }

    private void filesChanged(String detail) {
        on(new Event.RestartDue(Event.Occasion.FILE_CHANGE, "watch: " + detail));
    }

    private void filesUnfollowed() {
        files.problem()
                .ifPresent(
                        why -> LOG.log(System.Logger.Level.WARNING, "{0}: files are not watched: {1}", instance, why));
        around.publish(new InstanceEvent(around.now().wall(), WATCH_FAILED, snapshot()));
    }

    private static Restoration.Found found(Processes.Survivor survivor) {
        return new Restoration.Found(
                survivor.key().generation(),
                survivor.identity(),
                survivor.startedAt(),
                survivor.exit().map(exit -> new Restoration.Found.Exit(exit.status(), exit.at())));
    }

    /** What it is doing, after the command has been taken in. */
    InstanceSnapshot command(SupervisorCommand command) {
        switch (command) {
            case SupervisorCommand.StartInstance(AppSpec wanted) -> {
                changeLimits(wanted)
                        .onFailure(cause -> LOG.log(
                                System.Logger.Level.WARNING, instance + " runs under its former limits", cause));
                on(wanted, new Event.StartAsked());
            }
            case SupervisorCommand.StopInstance() -> on(new Event.StopAsked());
            case SupervisorCommand.RestartInstance(AppSpec wanted) -> on(wanted, new Event.RestartAsked());
            case SupervisorCommand.ReloadInstance(AppSpec wanted) -> on(wanted, new Event.ReloadAsked());
            case SupervisorCommand.ChangeInstance(AppSpec wanted) -> change(wanted);
            case SupervisorCommand.SignalInstance(var signal) -> on(new Event.SignalAsked(signal));
            case SupervisorCommand.ResetInstance() -> on(new Event.ResetAsked());
            case SupervisorCommand.InspectInstance(),
                    SupervisorCommand.ChangeLimits _,
                    SupervisorCommand.ChangeWatch _ -> {}
        }
        return snapshot();
    }

    /** Takes other limits over for what runs and what comes. Fails when the host refuses one. */
    Future<Void> changeLimits(AppSpec wanted) {
        boolean differs = wanted.limits().differsLive(spec.limits());
        spec = spec.withLimits(wanted.limits());
        return differs ? limits.change(spec.limits()) : Future.succeededFuture();
    }

    /** Watches other files from now on, or none. Completes when it is known whether they are watched. */
    Future<Void> changeWatch(AppSpec wanted) {
        wanted.watch().ifPresent(policy -> spec = spec.withWatch(policy));
        files.follow(spec, slot.desired() == Desired.RUNNING);
        return files.settled();
    }

    InstanceSnapshot snapshot() {
        return Snapshots.of(instance, slot, files.problem());
    }

    Slot slot() {
        return slot;
    }

    /** Gives back everything but the processes, which run on. Completes when nothing is being written any more. */
    Future<Void> close() {
        closed = true;
        cron.end();
        files.end();
        timers.values().forEach(around::cancel);
        timers.clear();
        watches.values().forEach(Watches.Watch::end);
        watches.clear();
        limits.close();
        return writer.idle();
    }

    private void change(AppSpec wanted) {
        AppSpec former = spec;
        spec = wanted;
        cron.follow(spec.cronRestart());
        if (!former.logs().equals(spec.logs())) {
            outputs.values().forEach(output -> output.adopt(spec.logs()));
        }
        if (!former.health().equals(spec.health()) && slot.phase() instanceof Phase.Online(Generation process, var _)) {
            watch(process.number(), services.watches()::health);
        }
    }

    private void on(AppSpec wanted, Event event) {
        spec = wanted;
        cron.follow(spec.cronRestart());
        on(event);
    }

    private void on(Event event) {
        if (!closed) {
            take(Lifecycle.step(slot, event, spec, around.now()));
        }
    }

    private void take(Step step) {
        slot = step.next();
        step.effects().forEach(this::carryOut);
        files.follow(spec, slot.desired() == Desired.RUNNING);
        if (unsaved) {
            unsaved = false;
            writer.save(Memory.of(slot));
        }
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Spawn(int generation) -> spawn(generation);
            case Effect.SendSignal(int generation, var signal, var scope) ->
                services.platform().processes().signal(key(generation), signal, scope);
            case Effect.SendShutdownMessage(int generation, var signal, var scope) ->
                tellShutdown(key(generation), signal, scope);
            case Effect.EaseMemory(int generation) -> limits.ease(generation);
            case Effect.ArmTimer(TimerName timer, Duration after) -> arm(timer, after);
            case Effect.CancelTimer(TimerName timer) -> cancel(timer);
            case Effect.WatchReadiness(int generation) -> watch(generation, services.watches()::readiness);
            case Effect.WatchHealth(int generation) -> watch(generation, services.watches()::health);
            case Effect.EndWatch(int generation) -> endWatch(generation);
            case Effect.Drain(int generation, var lines) -> drain(generation, lines);
            case Effect.Save() -> unsaved = true;
            case Effect.Acknowledge(int generation) -> {
                writer.forgetAfterwards(key(generation));
                unsaved = true;
            }
            case Effect.Announce(var happening) ->
                around.publish(
                        new InstanceEvent(around.now().wall(), happening.name().toLowerCase(Locale.ROOT), snapshot()));
        }
    }

    private ProcessKey key(int generation) {
        return new ProcessKey(instance, generation);
    }

    // ---- processes

    private void spawn(int generation) {
        asked.put(generation, around.now().wall());
        launcher.launch(spec, key(generation));
    }

    private Instant startedAt(Generation process) {
        return asked.getOrDefault(process.number(), process.startedAt());
    }

    private void tellShutdown(ProcessKey key, Signal otherwise, Processes.Scope scope) {
        services.channels().tellShutdown(key).onSuccess(told -> {
            if (!told) {
                services.platform().processes().signal(key, otherwise, scope);
            }
        });
    }

    @Override
    public void spawned(ProcessKey key, ProcessIdentity identity, OutputPipe stdout, OutputPipe stderr) {
        collect(key, stdout, stderr);
        limits.began(subject(key, identity, around.now().wall()));
        on(new Event.Spawned(key.generation(), identity));
    }

    @Override
    public void notSpawned(ProcessKey key, NativeException cause) {
        Future<Void> _ = services.channels().close(key);
        asked.remove(key.generation());
        String detail = cause.getMessage() == null ? cause.call() : cause.getMessage();
        on(new Event.NotSpawned(key.generation(), detail, services.platform().isShortage(cause)));
    }

    @Override
    public void exited(Processes.Exit exit) {
        Future<Void> _ = services.channels().close(exit.key());
        int generation = exit.key().generation();
        asked.remove(generation);
        boolean outOfMemory = limits.ended(generation);
        on(new Event.Exited(generation, exit.identity(), exit.status(), exit.at(), outOfMemory));
    }

    @Override
    public void memoryExhausted(ProcessKey key) {
        limits.exhausted(key);
    }

    @Override
    public void softMemoryPassed(ProcessKey key) {
        limits.passedSoftLimit(key);
    }

    // ---- output

    private void collect(ProcessKey key, OutputPipe stdout, OutputPipe stderr) {
        outputs.put(key.generation(), services.collector().collect(key, spec, stdout, stderr));
    }

    private Watches.Subject subject(ProcessKey key, ProcessIdentity identity, Instant startedAt) {
        OutputCollector.Collection output = outputs.get(key.generation());
        Future<Void> ready = output == null ? Future.failedFuture("no output is collected") : output.readyLine();
        return new Watches.Subject(key, number, identity, startedAt, spec, ready);
    }

    private void drain(int generation, Effect.LastLines lines) {
        OutputCollector.Collection output = outputs.remove(generation);
        Future<Void> drained = output == null ? Future.succeededFuture() : output.drain();
        Future<List<String>> last = drained.compose(nothing -> lines == Effect.LastLines.NONE
                        ? Future.succeededFuture(List.<String>of())
                        : services.collector().lastErrorLines(instance, LAST_LINES))
                .onFailure(cause -> LOG.log(
                        System.Logger.Level.WARNING, "the last output of " + key(generation) + " is incomplete", cause))
                .otherwise(List.of());
        if (lines == Effect.LastLines.LATER) {
            drained.otherwiseEmpty().onSuccess(nothing -> post(new Event.Drained(generation, List.of())));
        }
        last.onSuccess(found -> post(new Event.Drained(generation, found)));
    }

    private void post(Event event) {
        around.executor().execute(() -> on(event));
    }

    // ---- timers and watches

    private void arm(TimerName timer, Duration after) {
        cancel(timer);
        long[] own = new long[1];
        own[0] = around.arm(after, () -> {
            if (timers.remove(timer, own[0])) {
                on(new Event.TimerFired(timer));
            }
        });
        timers.put(timer, own[0]);
    }

    private void cancel(TimerName timer) {
        Long armed = timers.remove(timer);
        if (armed != null) {
            around.cancel(armed);
        }
    }

    private interface Watching {
        Watches.Watch begin(Watches.Subject subject, Watches.Reports to);
    }

    private void watch(int generation, Watching means) {
        endWatch(generation);
        slot.running(generation).ifPresent(process -> {
            Watches.Subject subject = subject(key(generation), process.identity(), startedAt(process));
            watches.put(
                    generation, means.begin(subject, event -> around.executor().execute(() -> on(event))));
        });
    }

    private void endWatch(int generation) {
        Watches.Watch watch = watches.remove(generation);
        if (watch != null) {
            watch.end();
        }
    }
}
