package dev.bunctl.verticles.lifecycle;

import dev.bunctl.bridge.message.CrashRecord;
import dev.bunctl.verticles.lifecycle.Effect.Happening;
import java.time.Duration;

/** Signs of readiness and of trouble, and timers. */
final class Signs {
    private Signs() {}

    static void ready(Move move, int number, String why) {
        if (move.phase instanceof Phase.Launching(Generation process) && process.number() == number) {
            move.endAwaitReady(number);
            move.online(process, why);
            move.announce(Happening.BECAME_READY);
        } else if (move.phase instanceof Phase.Reloading(var retiring, Phase.Incoming.Unready(var incoming))
                && incoming.number() == number) {
            move.endAwaitReady(number);
            move.online(incoming, why);
            move.announce(Happening.BECAME_READY);
            move.effect(new Effect.EndWatch(retiring.number()));
            move.leave(retiring, Cause.reload("replaced by generation " + number));
        }
    }

    static void well(Move move, int number) {
        boolean serves = move.phase instanceof Phase.Online(Generation process, var _) && process.number() == number;
        if (serves && move.wellGeneration != number) {
            move.wellGeneration = number;
            move.announce(Happening.BECAME_HEALTHY);
        }
    }

    static void trouble(Move move, Event.TroubleSeen event) {
        if (!(move.phase instanceof Phase.Online(Generation process, var _))
                || process.number() != event.generation()) {
            return;
        }
        String cause = event.detail();
        Judgement judgement = switch (event.trouble()) {
            case HEALTH -> {
                Duration uptime = move.now.monotonic().minus(process.since());
                yield Judgement.ofFailure(move.spec.restart(), move.counters, cause, uptime, move.now);
            }
            case MEMORY -> Judgement.ofLimit(move.spec.restart(), move.counters, cause, move.now);
        };
        move.counters = judgement.counters();
        move.leaveAll(Cause.of(event.trouble(), cause), judgement.verdict());
    }

    static void fired(Move move, TimerName timer) {
        switch (timer.kind()) {
            case BACKOFF -> {
                if (move.phase instanceof Phase.Waiting && timer.generation() == 0) {
                    move.start(move.reason);
                }
            }
            case ALIVE -> ready(move, timer.generation(), "alive");
            case READY -> overdue(move, timer.generation());
            case STOP -> killAt(move, timer.generation(), Leaving.Stage.TOLD);
            case KILL -> killAt(move, timer.generation(), Leaving.Stage.KILLED);
            case DRAIN -> {
                if (Reports.isDraining(move, timer.generation())) {
                    move.gone(timer.generation());
                }
            }
        }
    }

    private static void killAt(Move move, int number, Leaving.Stage stage) {
        move.leaving(number).filter(gone -> gone.stage() == stage).ifPresent(gone -> {
            move.kill(gone);
            move.announce(Happening.KILLED);
        });
    }

    private static void overdue(Move move, int number) {
        String cause = "not ready within " + Words.of(move.spec.readiness().timeout());
        if (move.spec.readiness().onlineAnyway()) {
            ready(move, number, cause + ", taken as online");
        } else if (move.phase instanceof Phase.Launching(Generation process) && process.number() == number) {
            // However long it took: a run that never was ready was not stable.
            Judgement judgement =
                    Judgement.ofFailure(move.spec.restart(), move.counters, cause, Duration.ZERO, move.now);
            move.counters = judgement.counters();
            move.leaveAll(notReady(cause), judgement.verdict());
        } else if (move.phase instanceof Phase.Reloading(var retiring, Phase.Incoming.Unready(var incoming))
                && incoming.number() == number) {
            move.leaveIncoming(new Phase.Incoming.Unready(incoming), notReady(cause));
            Reports.reloadFailed(move, retiring, cause);
        }
    }

    private static Cause notReady(String text) {
        return new Cause(CrashRecord.Kind.NOT_READY, text);
    }
}
