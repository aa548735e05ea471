package dev.bunctl.verticles.lifecycle;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Readiness;
import dev.bunctl.conf.StopPolicy;
import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.Signal;
import dev.bunctl.verticles.lifecycle.Effect.Happening;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One step in the making: the state so far and the effects so far. Lives for one call of {@link Lifecycle}. */
final class Move {
    /** Between two attempts to kill what does not end. */
    static final Duration KILL_AGAIN = Duration.ofSeconds(5);

    /** How long the end of a process waits for its last output to be written. */
    static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);

    final AppSpec spec;
    final Now now;
    Desired desired;
    Phase phase;
    Counters counters;
    OptionalInt exitCode;
    int readyGeneration;
    int wellGeneration;
    boolean commandFailed;
    String reason;
    private final List<Leaving> leaving;
    private final List<Ending> history;
    private final List<Effect> effects = new ArrayList<>();

    Move(Slot slot, AppSpec spec, Now now) {
        this.spec = spec;
        this.now = now;
        desired = slot.desired();
        phase = slot.phase();
        counters = slot.counters();
        exitCode = slot.exitCode();
        readyGeneration = slot.readyGeneration();
        wellGeneration = slot.wellGeneration();
        commandFailed = slot.commandFailed();
        reason = slot.reason();
        leaving = new ArrayList<>(slot.leaving());
        history = new ArrayList<>(slot.history());
    }

    Step step() {
        return new Step(
                new Slot(
                        desired,
                        phase,
                        leaving,
                        counters,
                        history,
                        exitCode,
                        readyGeneration,
                        wellGeneration,
                        commandFailed,
                        reason),
                effects);
    }

    void effect(Effect effect) {
        effects.add(effect);
    }

    void announce(Happening happening) {
        effect(new Effect.Announce(happening));
    }

    boolean hasRecorded(int generation) {
        return history.stream().anyMatch(ending -> ending.generation() == generation && ending.pid() != 0);
    }

    // ---- coming up

    void start(String why) {
        phase = new Phase.Starting(nextGeneration());
        commandFailed = false;
        reason = why;
        announce(Happening.STARTING);
        effect(new Effect.Spawn(counters.generation()));
    }

    int nextGeneration() {
        counters = counters.nextGeneration();
        return counters.generation();
    }

    /** Waits for the sign of readiness of a process that runs. */
    void awaitReady(Generation process) {
        Duration lived = now.monotonic().minus(process.since());
        if (spec.readiness().sign() instanceof Readiness.Alive(Duration after)) {
            Duration left = after.minus(lived);
            arm(TimerName.Kind.ALIVE, process.number(), left.isNegative() ? Duration.ZERO : left);
            return;
        }
        arm(TimerName.Kind.READY, process.number(), spec.readiness().timeout());
        effect(new Effect.WatchReadiness(process.number()));
    }

    void endAwaitReady(int generation) {
        // Both: the specification may have changed since the timer was armed.
        cancel(TimerName.Kind.ALIVE, generation);
        cancel(TimerName.Kind.READY, generation);
        effect(new Effect.EndWatch(generation));
    }

    void online(Generation process, String why) {
        phase = new Phase.Online(process, false);
        readyGeneration = Math.max(readyGeneration, process.number());
        reason = why;
        effect(new Effect.WatchHealth(process.number()));
        effect(new Effect.Save());
    }

    // ---- going down

    List<Leaving> leaving() {
        return List.copyOf(leaving);
    }

    Optional<Leaving> leaving(int generation) {
        return leaving.stream().filter(gone -> gone.generation() == generation).findFirst();
    }

    void replaceLeaving(Leaving changed) {
        leaving.replaceAll(gone -> gone.generation() == changed.generation() ? changed : gone);
    }

    /** Ends a process whose spawn has not been answered, as soon as it is. */
    void leaveAwaited(int generation, Cause cause) {
        leaving.add(new Leaving(generation, Optional.empty(), Leaving.Stage.AWAITED, cause, true));
        effect(new Effect.Save());
    }

    /** The process that a signal of the user's is for. */
    Optional<Generation> serving() {
        return switch (phase) {
            case Phase.Launching(Generation process) -> Optional.of(process);
            case Phase.Online(Generation process, var _) -> Optional.of(process);
            case Phase.Reloading(Generation retiring, var _) -> Optional.of(retiring);
            case Phase.Stopping _ ->
                leaving.stream()
                        .filter(Leaving::mayRun)
                        .flatMap(gone -> gone.process().stream())
                        .findFirst();
            case Phase.Stopped _, Phase.Errored _, Phase.Waiting _, Phase.Starting _ -> Optional.empty();
        };
    }

    /** Tells a process to end. */
    void leave(Generation process, Cause cause) {
        leaving.add(new Leaving(process.number(), Optional.of(process), Leaving.Stage.TOLD, cause, true));
        tell(process.number());
        effect(new Effect.Save());
    }

    /** Makes every generation leave; what comes then is the verdict's. */
    void leaveAll(Cause cause, Verdict next) {
        switch (phase) {
            case Phase.Starting(int generation) -> leaveAwaited(generation, cause);
            case Phase.Launching(Generation process) -> {
                endAwaitReady(process.number());
                leave(process, cause);
            }
            case Phase.Online(Generation process, var _) -> {
                effect(new Effect.EndWatch(process.number()));
                leave(process, cause);
            }
            case Phase.Reloading(Generation retiring, Phase.Incoming incoming) -> {
                effect(new Effect.EndWatch(retiring.number()));
                leave(retiring, cause);
                leaveIncoming(incoming, cause);
            }
            case Phase.Stopped _, Phase.Errored _, Phase.Waiting _, Phase.Stopping _ ->
                throw new IllegalStateException("nothing to end in " + phase);
        }
        phase = new Phase.Stopping(next);
        reason = cause.text();
        announce(Happening.STOPPING);
    }

    void leaveIncoming(Phase.Incoming incoming, Cause cause) {
        switch (incoming) {
            case Phase.Incoming.Awaited(int generation) -> leaveAwaited(generation, cause);
            case Phase.Incoming.Unready(Generation process) -> {
                endAwaitReady(process.number());
                leave(process, cause);
            }
        }
    }

    void tell(int generation) {
        StopPolicy stop = spec.stop();
        Signal signal = Signal.named(stop.signal()).orElse(Signal.INT);
        if (spec.limits().maxMemoryRestart().isPresent()) {
            effect(new Effect.EaseMemory(generation));
        }
        Processes.Scope scope = switch (stop.killMode()) {
            case TREE -> Processes.Scope.GROUP;
            case PROCESS -> Processes.Scope.PROCESS;
        };
        effect(
                stop.shutdownMessage()
                        ? new Effect.SendShutdownMessage(generation, signal, scope)
                        : new Effect.SendSignal(generation, signal, scope));
        arm(TimerName.Kind.STOP, generation, stop.timeout());
    }

    void kill(Leaving gone) {
        replaceLeaving(gone.at(Leaving.Stage.KILLED));
        killTree(gone.generation());
        arm(TimerName.Kind.KILL, gone.generation(), KILL_AGAIN);
    }

    void killTree(int generation) {
        effect(new Effect.SendSignal(generation, Signal.KILL, Processes.Scope.TREE));
    }

    /** A process that nobody told to end has ended. */
    void leaveEnded(Generation process, Event.Exited exit, Cause cause, String decision) {
        leaving.add(new Leaving(process.number(), Optional.of(process), Leaving.Stage.DRAINING, cause, false));
        exitCode = exit.status() instanceof ExitStatus.Code(int code) ? OptionalInt.of(code) : OptionalInt.empty();
        ended(process, exit, cause, decision, Effect.LastLines.AWAITED);
    }

    /** A process that was told to end has ended. */
    void leftAsTold(Leaving gone, Generation process, Event.Exited exit) {
        cancel(TimerName.Kind.STOP, process.number());
        cancel(TimerName.Kind.KILL, process.number());
        replaceLeaving(gone.at(Leaving.Stage.DRAINING));
        exitCode = OptionalInt.empty();
        Effect.LastLines lines = desired == Desired.RUNNING ? Effect.LastLines.AWAITED : Effect.LastLines.NONE;
        ended(process, exit, gone.cause().and(Words.of(exit)), afterwards(), lines);
    }

    private void ended(Generation process, Event.Exited exit, Cause cause, String decision, Effect.LastLines lines) {
        Duration uptime = process.uptime(exit.at(), now);
        record(new Ending(
                process.number(),
                process.identity().pid(),
                exit.at(),
                cause,
                Optional.of(exit.status()),
                uptime,
                decision,
                List.of()));
        // INVARIANT: what is left of the tree is killed before the host may forget whose tree it was.
        killTree(process.number());
        effect(new Effect.Drain(
                process.number(),
                startsAtOnce() && lines == Effect.LastLines.AWAITED ? Effect.LastLines.LATER : lines));
        arm(TimerName.Kind.DRAIN, process.number(), DRAIN_LIMIT);
        effect(new Effect.Save());
        effect(new Effect.Acknowledge(process.number()));
        announce(Happening.EXITED);
    }

    private boolean startsAtOnce() {
        return phase instanceof Phase.Stopping(Verdict.StartAgain(Duration due, var _))
                && due.compareTo(now.monotonic()) <= 0;
    }

    private String afterwards() {
        if (desired == Desired.STOPPED) {
            return "stays stopped";
        }
        return switch (phase) {
            case Phase.Stopping(Verdict.StartAgain _) -> "starts again";
            case Phase.Stopping(Verdict.GiveUp _) -> "given up";
            case Phase.Stopping(Verdict.Rest _) -> "stays stopped";
            case Phase.Stopped _,
                    Phase.Errored _,
                    Phase.Waiting _,
                    Phase.Starting _,
                    Phase.Launching _,
                    Phase.Online _,
                    Phase.Reloading _ -> "another generation serves";
        };
    }

    void record(Ending ending) {
        if (history.size() == Slot.MAX_HISTORY) {
            history.removeFirst();
        }
        history.add(ending);
        int older = history.size() - 1 - Slot.MAX_RECENT;
        if (older >= 0) {
            history.set(
                    older,
                    history.get(older)
                            .withLines(LastWords.brief(history.get(older).lastLines())));
        }
    }

    void fillLines(int generation, List<String> lines) {
        List<String> kept = LastWords.whole(lines);
        history.replaceAll(
                ending -> ending.generation() == generation && !kept.isEmpty() ? ending.withLines(kept) : ending);
    }

    void gone(int generation) {
        boolean _ = leaving.removeIf(left -> left.generation() == generation);
        afterLeaving();
    }

    /** When nothing is leaving any more, what was to come then comes. */
    private void afterLeaving() {
        if (!leaving.isEmpty()) {
            return;
        }
        switch (phase) {
            case Phase.Stopping(Verdict next) -> follow(next);
            case Phase.Online(Generation process, boolean thenReload) -> {
                if (thenReload) {
                    reload(process);
                } else {
                    announce(commandFailed ? Happening.RELOAD_FAILED : Happening.RELOADED);
                }
            }
            case Phase.Starting _, Phase.Launching _ -> {}
            case Phase.Stopped _, Phase.Errored _, Phase.Waiting _, Phase.Reloading _ ->
                throw new IllegalStateException("something left in " + phase);
        }
    }

    void reload(Generation process) {
        phase = new Phase.Reloading(process, new Phase.Incoming.Awaited(nextGeneration()));
        commandFailed = false;
        reason = "a new generation comes up beside generation " + process.number();
        announce(Happening.RELOADING);
        effect(new Effect.Spawn(counters.generation()));
    }

    /** Carries out a verdict, now that nothing runs. */
    void follow(Verdict verdict) {
        if (desired == Desired.STOPPED) {
            rest("stopped by user");
            return;
        }
        switch (verdict) {
            case Verdict.StartAgain(Duration due, String why) -> startAt(due, why);
            case Verdict.Rest(String why) -> rest(why);
            case Verdict.GiveUp(String why, boolean remove) -> {
                phase = new Phase.Errored();
                reason = why;
                effect(new Effect.Save());
                announce(remove ? Happening.GAVE_UP_FOR_GOOD : Happening.GAVE_UP);
            }
        }
    }

    private void startAt(Duration due, String why) {
        Duration left = due.minus(now.monotonic());
        if (left.isNegative() || left.isZero()) {
            start(why);
            return;
        }
        phase = new Phase.Waiting();
        reason = why;
        effect(new Effect.ArmTimer(TimerName.backoff(), left));
        announce(Happening.WAITING);
    }

    void rest(String why) {
        phase = new Phase.Stopped();
        reason = why;
        effect(new Effect.Save());
        announce(Happening.STOPPED);
    }

    void arm(TimerName.Kind kind, int generation, Duration after) {
        effect(new Effect.ArmTimer(new TimerName(kind, generation), after));
    }

    void cancel(TimerName.Kind kind, int generation) {
        effect(new Effect.CancelTimer(new TimerName(kind, generation)));
    }
}
