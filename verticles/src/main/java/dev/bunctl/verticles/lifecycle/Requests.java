package dev.bunctl.verticles.lifecycle;

import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.Signal;
import dev.bunctl.verticles.lifecycle.Effect.Happening;
import dev.bunctl.verticles.lifecycle.Event.Occasion;

/** What people ask, and what they declared to happen at its time. People outrank every policy. */
final class Requests {
    private static final String STARTED = "started by user";
    private static final String STOPPED = "stopped by user";
    private static final String RESTARTED = "restarted by user";

    private Requests() {}

    static void start(Move move) {
        move.desired = Desired.RUNNING;
        switch (move.phase) {
            case Phase.Stopped _, Phase.Errored _, Phase.Waiting _ -> startFresh(move, STARTED);
            case Phase.Starting _, Phase.Launching _, Phase.Online _, Phase.Reloading _ -> {}
            case Phase.Stopping _ -> startAfterwards(move, STARTED);
        }
    }

    static void stop(Move move) {
        move.desired = Desired.STOPPED;
        move.commandFailed = false;
        switch (move.phase) {
            case Phase.Stopped _ -> move.reason = STOPPED;
            case Phase.Errored _ -> move.rest(STOPPED);
            case Phase.Waiting _ -> {
                move.effect(new Effect.CancelTimer(TimerName.backoff()));
                move.rest(STOPPED);
            }
            case Phase.Starting _, Phase.Launching _, Phase.Online _, Phase.Reloading _ ->
                move.leaveAll(Cause.user(STOPPED), new Verdict.Rest(STOPPED));
            case Phase.Stopping _ -> {
                move.phase = new Phase.Stopping(new Verdict.Rest(STOPPED));
                move.reason = STOPPED;
            }
        }
    }

    static void restart(Move move) {
        move.desired = Desired.RUNNING;
        switch (move.phase) {
            case Phase.Stopped _, Phase.Errored _, Phase.Waiting _ -> startFresh(move, RESTARTED);
            case Phase.Starting _, Phase.Launching _, Phase.Online _, Phase.Reloading _ -> {
                move.counters = move.counters.cleared();
                move.leaveAll(Cause.user(RESTARTED), startNow(move, RESTARTED));
            }
            case Phase.Stopping _ -> startAfterwards(move, RESTARTED);
        }
    }

    static void reload(Move move) {
        move.desired = Desired.RUNNING;
        switch (move.phase) {
            case Phase.Stopped _, Phase.Errored _, Phase.Waiting _, Phase.Starting _, Phase.Launching _ ->
                restart(move);
            case Phase.Online(Generation process, var _) -> {
                if (move.leaving().isEmpty()) {
                    move.reload(process);
                } else {
                    move.phase = new Phase.Online(process, true);
                }
            }
            case Phase.Reloading(Generation retiring, Phase.Incoming incoming) -> {
                // The incoming one may have been started from what the new reload is to replace.
                move.leaveIncoming(incoming, Cause.reload("outdated by another reload"));
                move.phase = new Phase.Online(retiring, true);
            }
            case Phase.Stopping _ -> startAfterwards(move, RESTARTED);
        }
    }

    static void reset(Move move) {
        move.counters = move.counters.cleared();
        move.effect(new Effect.Save());
        move.announce(Happening.RESET);
    }

    static void signal(Move move, Signal signal) {
        move.serving().ifPresent(process -> send(move, process, signal));
    }

    /** INVARIANT: nothing but the user starts what the user has stopped. */
    static void due(Move move, Occasion occasion, String detail) {
        if (move.desired == Desired.STOPPED) {
            return;
        }
        switch (move.phase) {
            case Phase.Stopped _, Phase.Errored _ -> startByOccasion(move, detail);
            case Phase.Waiting _ -> {
                if (interrupts(occasion)) {
                    startByOccasion(move, detail);
                }
            }
            case Phase.Starting _, Phase.Launching _, Phase.Online _ -> restartByOccasion(move, occasion, detail);
            case Phase.Reloading _ -> {
                if (interrupts(occasion)) {
                    restartByOccasion(move, occasion, detail);
                }
            }
            case Phase.Stopping(Verdict next) -> {
                if (!(next instanceof Verdict.StartAgain)) {
                    move.phase = new Phase.Stopping(startNow(move, detail));
                }
            }
        }
    }

    /** A change of files asks for a process that has seen it; the clock is content with the one that comes anyway. */
    private static boolean interrupts(Occasion occasion) {
        return switch (occasion) {
            case CRON -> false;
            case FILE_CHANGE -> true;
        };
    }

    private static void startByOccasion(Move move, String detail) {
        cancelBackoff(move);
        move.counters = move.counters.restarted();
        move.start(detail);
    }

    private static void restartByOccasion(Move move, Occasion occasion, String detail) {
        move.counters = move.counters.restarted();
        move.leaveAll(Cause.of(occasion, detail), startNow(move, detail));
    }

    private static void startFresh(Move move, String why) {
        cancelBackoff(move);
        move.counters = move.counters.cleared();
        move.start(why);
    }

    private static void cancelBackoff(Move move) {
        if (move.phase instanceof Phase.Waiting) {
            move.effect(new Effect.CancelTimer(TimerName.backoff()));
        }
    }

    private static void startAfterwards(Move move, String why) {
        move.counters = move.counters.cleared();
        move.commandFailed = false;
        move.phase = new Phase.Stopping(startNow(move, why));
    }

    private static Verdict startNow(Move move, String why) {
        return new Verdict.StartAgain(move.now.monotonic(), why);
    }

    private static void send(Move move, Generation process, Signal signal) {
        move.effect(new Effect.SendSignal(process.number(), signal, Processes.Scope.PROCESS));
    }
}
