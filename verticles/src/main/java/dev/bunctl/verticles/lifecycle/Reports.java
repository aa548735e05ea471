package dev.bunctl.verticles.lifecycle;

import dev.bunctl.bridge.message.CrashRecord;
import dev.bunctl.verticles.lifecycle.Effect.Happening;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the host reports about processes. */
final class Reports {
    private Reports() {}

    static void spawned(Move move, Event.Spawned event) {
        int number = event.generation();
        Generation process = new Generation(number, event.identity(), move.now.monotonic(), move.now.wall());
        if (move.phase instanceof Phase.Starting(int awaited) && awaited == number) {
            move.phase = new Phase.Launching(process);
            move.announce(Happening.SPAWNED);
            move.awaitReady(process);
        } else if (move.phase instanceof Phase.Reloading(var retiring, Phase.Incoming.Awaited(int awaited))
                && awaited == number) {
            move.phase = new Phase.Reloading(retiring, new Phase.Incoming.Unready(process));
            move.announce(Happening.SPAWNED);
            move.awaitReady(process);
        } else if (isAwaitedLeaving(move, number)) {
            move.replaceLeaving(move.leaving(number).orElseThrow().running(process));
            move.announce(Happening.SPAWNED);
            move.tell(number);
        } else {
            // INVARIANT: a process that nobody waits for does not run.
            move.killTree(number);
        }
    }

    static void notSpawned(Move move, Event.NotSpawned event) {
        int number = event.generation();
        String cause = "not started: " + event.detail();
        if (move.phase instanceof Phase.Starting(int awaited) && awaited == number) {
            Judgement judgement = event.shortage()
                    ? Judgement.ofShortage(move.spec.restart(), move.counters, cause, move.now)
                    : Judgement.ofFailure(move.spec.restart(), move.counters, cause, Duration.ZERO, move.now);
            move.counters = judgement.counters();
            recordNotSpawned(move, number, cause, Reports.said(judgement.verdict(), move.now));
            endIn(move, judgement.verdict());
        } else if (move.phase instanceof Phase.Reloading(var retiring, Phase.Incoming.Awaited(int awaited))
                && awaited == number) {
            recordNotSpawned(move, number, cause, "generation " + retiring.number() + " still serves");
            reloadFailed(move, retiring, cause);
            move.announce(Happening.RELOAD_FAILED);
        } else if (isAwaitedLeaving(move, number)) {
            move.gone(number);
        }
    }

    private static void recordNotSpawned(Move move, int number, String cause, String decision) {
        Cause why = new Cause(CrashRecord.Kind.NOT_STARTED, cause);
        move.record(new Ending(number, 0, move.now.wall(), why, Optional.empty(), Duration.ZERO, decision, List.of()));
        move.effect(new Effect.Save());
        move.announce(Happening.NOT_SPAWNED);
    }

    /** Nothing runs in the foreground any more: what is still leaving is waited for. */
    private static void endIn(Move move, Verdict verdict) {
        if (move.leaving().isEmpty()) {
            move.follow(verdict);
        } else {
            move.phase = new Phase.Stopping(verdict);
            move.reason = verdict.reason();
        }
    }

    static void exited(Move move, Event.Exited event) {
        int number = event.generation();
        if (move.hasRecorded(number)) {
            move.effect(new Effect.Acknowledge(number));
            return;
        }
        if (isAwaited(move, number)) {
            spawned(move, new Event.Spawned(number, event.identity()));
        }
        switch (move.phase) {
            case Phase.Launching(Generation process)
            when process.number() == number -> {
                move.endAwaitReady(number);
                endedByItself(move, process, event, Duration.ZERO);
            }
            case Phase.Online(Generation process, var _)
            when process.number() == number -> {
                move.effect(new Effect.EndWatch(number));
                endedByItself(move, process, event, process.uptime(event.at(), move.now));
            }
            case Phase.Reloading(Generation retiring, Phase.Incoming incoming)
            when retiring.number() == number -> retiringEnded(move, retiring, incoming, event);
            case Phase.Reloading(Generation retiring, Phase.Incoming.Unready(Generation incoming))
            when incoming.number() == number -> incomingEnded(move, retiring, incoming, event);
            case Phase.Stopped _,
                    Phase.Errored _,
                    Phase.Waiting _,
                    Phase.Starting _,
                    Phase.Launching _,
                    Phase.Online _,
                    Phase.Reloading _,
                    Phase.Stopping _ -> leavingEnded(move, event);
        }
    }

    /** INVARIANT: a run that never was ready was not stable, however long it took. */
    private static void endedByItself(Move move, Generation process, Event.Exited event, Duration stable) {
        Cause cause = Words.cause(event);
        Judgement judgement =
                Judgement.ofExit(move.spec.restart(), move.counters, event.status(), cause.text(), stable, move.now);
        move.counters = judgement.counters();
        move.phase = new Phase.Stopping(judgement.verdict());
        move.reason = judgement.verdict().reason();
        move.leaveEnded(process, event, cause, said(judgement.verdict(), move.now));
    }

    private static void retiringEnded(Move move, Generation retiring, Phase.Incoming incoming, Event.Exited event) {
        move.effect(new Effect.EndWatch(retiring.number()));
        move.counters = move.counters.restarted();
        move.phase = switch (incoming) {
            case Phase.Incoming.Awaited(int generation) -> new Phase.Starting(generation);
            case Phase.Incoming.Unready(Generation process) -> new Phase.Launching(process);
        };
        Cause cause = Words.cause(event);
        move.reason = cause.text() + " during a reload";
        move.leaveEnded(
                retiring, event, cause, "generation " + incoming.generation() + " was on the way to replace it");
    }

    private static void incomingEnded(Move move, Generation retiring, Generation incoming, Event.Exited event) {
        move.endAwaitReady(incoming.number());
        Cause cause = Words.cause(event);
        reloadFailed(move, retiring, "generation " + incoming.number() + " ended before it was ready: " + cause.text());
        move.leaveEnded(incoming, event, cause, "generation " + retiring.number() + " still serves");
    }

    static void reloadFailed(Move move, Generation retiring, String why) {
        move.phase = new Phase.Online(retiring, false);
        move.commandFailed = true;
        move.reason = "reload failed, generation %d still serves: %s".formatted(retiring.number(), why);
    }

    private static void leavingEnded(Move move, Event.Exited event) {
        var gone = move.leaving(event.generation());
        if (gone.isPresent() && gone.get().process().isPresent() && gone.get().mayRun()) {
            move.leftAsTold(gone.get(), gone.get().process().get(), event);
            return;
        }
        move.effect(new Effect.Save());
        move.effect(new Effect.Acknowledge(event.generation()));
    }

    static void drained(Move move, Event.Drained event) {
        move.fillLines(event.generation(), event.lastLines());
        if (!event.lastLines().isEmpty()) {
            move.effect(new Effect.Save());
        }
        if (isDraining(move, event.generation())) {
            move.cancel(TimerName.Kind.DRAIN, event.generation());
            move.gone(event.generation());
        }
    }

    static boolean isDraining(Move move, int number) {
        return move.leaving(number)
                .filter(gone -> gone.stage() == Leaving.Stage.DRAINING)
                .isPresent();
    }

    private static boolean isAwaitedLeaving(Move move, int number) {
        return move.leaving(number)
                .filter(gone -> gone.stage() == Leaving.Stage.AWAITED)
                .isPresent();
    }

    private static boolean isAwaited(Move move, int number) {
        return switch (move.phase) {
            case Phase.Starting(int awaited) when awaited == number -> true;
            case Phase.Reloading(var _, Phase.Incoming.Awaited(int awaited)) when awaited == number -> true;
            case Phase.Stopped _,
                    Phase.Errored _,
                    Phase.Waiting _,
                    Phase.Starting _,
                    Phase.Launching _,
                    Phase.Online _,
                    Phase.Reloading _,
                    Phase.Stopping _ -> isAwaitedLeaving(move, number);
        };
    }

    static String said(Verdict verdict, Now now) {
        return switch (verdict) {
            case Verdict.StartAgain(Duration due, var _)
            when due.compareTo(now.monotonic()) > 0 -> "starts again in " + Words.of(due.minus(now.monotonic()));
            case Verdict.StartAgain _ -> "starts again at once";
            case Verdict.Rest(String reason) -> "stays stopped: " + reason;
            case Verdict.GiveUp(String reason, boolean remove) ->
                (remove ? "given up and deleted: " : "given up: ") + reason;
        };
    }
}
