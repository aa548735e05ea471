package dev.bunctl.verticles.lifecycle;

import dev.bunctl.conf.AppSpec;

/**
 * The life of one instance: a total function of state and event. {@code docs/lifecycle.md} is rendered from it.
 *
 * <p>What the user wants ({@link Slot#desired}) and what is ({@link Slot#phase}) are kept apart. Only a user's command
 * changes the first; the second follows it, the host's reports and the policies of the specification. An event that
 * makes no sense in a state changes nothing, so late timers and repeated reports are harmless.
 */
public final class Lifecycle {
    private Lifecycle() {}

    /**
     * What follows from an event.
     *
     * @param spec the specification as it is now; a process already running may have been started from an older one
     */
    public static Step step(Slot slot, Event event, AppSpec spec, Now now) {
        Move move = new Move(slot, spec, now);
        switch (event) {
            case Event.StartAsked() -> Requests.start(move);
            case Event.StopAsked() -> Requests.stop(move);
            case Event.RestartAsked() -> Requests.restart(move);
            case Event.ReloadAsked() -> Requests.reload(move);
            case Event.ResetAsked() -> Requests.reset(move);
            case Event.SignalAsked(var signal) -> Requests.signal(move, signal);
            case Event.RestartDue(var occasion, String detail) -> Requests.due(move, occasion, detail);
            case Event.TroubleSeen seen -> Signs.trouble(move, seen);
            case Event.Spawned spawned -> Reports.spawned(move, spawned);
            case Event.NotSpawned notSpawned -> Reports.notSpawned(move, notSpawned);
            case Event.Exited exited -> Reports.exited(move, exited);
            case Event.ReadySignSeen(int generation) -> Signs.ready(move, generation, "ready");
            case Event.WellSeen(int generation) -> Signs.well(move, generation);
            case Event.Drained drained -> Reports.drained(move, drained);
            case Event.TimerFired(TimerName timer) -> Signs.fired(move, timer);
        }
        return move.step();
    }
}
