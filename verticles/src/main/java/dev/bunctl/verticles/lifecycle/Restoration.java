package dev.bunctl.verticles.lifecycle;

import dev.bunctl.bridge.message.CrashRecord;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.verticles.lifecycle.Effect.Happening;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The first state of an instance in a new daemon, from what the former one wrote down and what it left running. The
 * host then tells of recorded exits as if they happened now.
 */
public final class Restoration {
    private static final Slot EMPTY = Slot.NEW;

    private Restoration() {}

    /**
     * A process that a former daemon left.
     *
     * @param startedAt by the wall clock
     * @param exit how and when it ended meanwhile, or empty when it runs
     */
    public record Found(int generation, ProcessIdentity identity, Instant startedAt, Optional<Exit> exit) {
        /** How and when it ended. */
        public record Exit(ExitStatus status, Instant at) {}
    }

    /**
     * Takes over.
     *
     * @param desired what the user wants
     */
    public static Step restore(Memory memory, List<Found> found, Desired desired, AppSpec spec, Now now) {
        int highest = found.stream().mapToInt(Found::generation).max().orElse(0);
        Slot slot = new Slot(
                desired,
                EMPTY.phase(),
                List.of(),
                memory.counters().atLeastGeneration(highest),
                memory.history(),
                memory.exitCode(),
                memory.readyGeneration(),
                0,
                false,
                EMPTY.reason());
        Move move = new Move(slot, spec, now);
        List<Generation> running = new ArrayList<>();
        List<Generation> told = new ArrayList<>();
        for (Found process : found.stream()
                .sorted(Comparator.comparingInt(Found::generation))
                .toList()) {
            if (move.hasRecorded(process.generation())) {
                continue;
            }
            Generation generation = generation(process, now);
            boolean leaves = desired == Desired.STOPPED || memory.told().containsKey(process.generation());
            (leaves ? told : running).add(generation);
        }
        takeOver(move, memory, running, told);
        return move.step();
    }

    private static Generation generation(Found found, Now now) {
        Duration age = Duration.between(found.startedAt(), now.wall());
        Duration since = now.monotonic().minus(age.isNegative() ? Duration.ZERO : age);
        return new Generation(found.generation(), found.identity(), since, found.startedAt());
    }

    private static void takeOver(Move move, Memory memory, List<Generation> running, List<Generation> told) {
        if (running.isEmpty() && told.isEmpty()) {
            begin(move, memory);
            return;
        }
        move.announce(Happening.ADOPTED);
        while (running.size() > 2 || (running.size() == 2 && !told.isEmpty())) {
            // One serves and one comes up beside it: of what is more than that, the least useful goes.
            boolean newestServes = memory.readyGeneration() == running.getLast().number();
            told.add(newestServes ? running.removeFirst() : running.removeLast());
        }
        resume(move, memory, running);
        for (Generation process : told) {
            move.leave(process, memory.told().getOrDefault(process.number(), leftOver(move)));
        }
        if (running.isEmpty()) {
            move.phase = new Phase.Stopping(memory.ended()
                    .map(Restoration::verdict)
                    .orElseGet(() -> new Verdict.StartAgain(move.now.monotonic(), "restarted by user")));
            move.reason = move.leaving().getFirst().cause().text();
        }
    }

    private static Verdict verdict(Memory.Ended ended) {
        return ended.errored() ? new Verdict.GiveUp(ended.reason(), false) : new Verdict.Rest(ended.reason());
    }

    private static Cause leftOver(Move move) {
        return switch (move.desired) {
            case STOPPED -> Cause.user("stopped by user");
            case RUNNING -> new Cause(CrashRecord.Kind.ADOPTION, "one process too many was left by the former daemon");
        };
    }

    /** Nothing was left: what had ended stays ended, everything else that is wanted starts. */
    private static void begin(Move move, Memory memory) {
        if (move.desired == Desired.STOPPED) {
            move.reason = memory.ended().map(Memory.Ended::reason).orElse(EMPTY.reason());
            return;
        }
        if (memory.ended().isEmpty()) {
            move.start("started with the daemon");
            return;
        }
        Memory.Ended ended = memory.ended().get();
        move.phase = ended.errored() ? new Phase.Errored() : new Phase.Stopped();
        move.reason = ended.reason();
    }

    private static void resume(Move move, Memory memory, List<Generation> running) {
        switch (running.size()) {
            case 0 -> {}
            case 1 -> resumeOne(move, memory, running.getFirst());
            default -> resumeReload(move, memory, running);
        }
    }

    private static void resumeOne(Move move, Memory memory, Generation process) {
        if (memory.readyGeneration() == process.number()) {
            move.online(process, "taken over from the former daemon");
        } else {
            move.phase = new Phase.Launching(process);
            move.reason = "taken over from the former daemon";
            move.awaitReady(process);
        }
    }

    private static void resumeReload(Move move, Memory memory, List<Generation> running) {
        Generation newest = running.getLast();
        Generation retiring = running.getFirst();
        if (memory.readyGeneration() == newest.number()) {
            move.online(newest, "taken over from the former daemon");
            move.leave(retiring, Cause.reload("replaced by generation " + newest.number()));
            return;
        }
        move.phase = new Phase.Reloading(retiring, new Phase.Incoming.Unready(newest));
        move.reason = "taken over from the former daemon during a reload";
        move.effect(new Effect.WatchHealth(retiring.number()));
        move.awaitReady(newest);
    }
}
