package dev.bunctl.verticles.lifecycle;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What of a slot outlives a daemon.
 *
 * @param counters restart times are monotonic, of the daemon that holds them
 * @param history the last ends, newest last
 * @param exitCode of the last process that ended by itself with a code
 * @param readyGeneration the newest generation that was ready
 * @param told generations that were told to end, with the cause
 * @param ended how its run came to an end for good, when it did
 */
public record Memory(
        Counters counters,
        List<Ending> history,
        OptionalInt exitCode,
        int readyGeneration,
        Map<Integer, Cause> told,
        Optional<Ended> ended) {
    public static final Memory NONE =
            new Memory(Counters.NONE, List.of(), OptionalInt.empty(), 0, Map.of(), Optional.empty());

    public Memory {
        history = List.copyOf(history);
        told = Map.copyOf(told);
    }

    /** An end that lasts until somebody asks for a start. */
    public record Ended(boolean errored, String reason) {}

    /** What of the slot is to be kept. */
    public static Memory of(Slot slot) {
        Map<Integer, Cause> told = new TreeMap<>();
        for (Leaving gone : slot.leaving()) {
            if (gone.mayRun()) {
                told.put(gone.generation(), gone.cause());
            }
        }
        Optional<Ended> ended = slot.desired() == Desired.STOPPED ? Optional.empty() : ended(slot);
        return new Memory(slot.counters(), slot.history(), slot.exitCode(), slot.readyGeneration(), told, ended);
    }

    /** An end by policy. One that the user asked for is no part of it: whether that still holds is not known here. */
    private static Optional<Ended> ended(Slot slot) {
        return switch (slot.phase()) {
            case Phase.Stopped _ -> Optional.of(new Ended(false, slot.reason()));
            case Phase.Errored _ -> Optional.of(new Ended(true, slot.reason()));
            case Phase.Stopping(Verdict verdict) -> ended(verdict);
            case Phase.Waiting _, Phase.Starting _, Phase.Launching _, Phase.Online _, Phase.Reloading _ ->
                Optional.empty();
        };
    }

    /** INVARIANT: the decision is kept with the exit it is about; the host forgets that exit before its output is drained. */
    private static Optional<Ended> ended(Verdict verdict) {
        return switch (verdict) {
            case Verdict.StartAgain _ -> Optional.empty();
            case Verdict.Rest(String reason) -> Optional.of(new Ended(false, reason));
            case Verdict.GiveUp(String reason, var _) -> Optional.of(new Ended(true, reason));
        };
    }
}
