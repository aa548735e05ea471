package dev.bunctl.verticles.lifecycle;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The state of one instance.
 *
 * @param desired what the user wants
 * @param phase what is so
 * @param leaving generations on their way out; empty when nothing runs, never empty while stopping
 * @param counters what is counted
 * @param history the last ends, newest last, at most {@value #MAX_HISTORY}
 * @param exitCode of the last process, when it ended by itself with a code
 * @param readyGeneration the newest generation that was ready, 0 when none was
 * @param wellGeneration the newest generation that has passed its health check, 0 when none has
 * @param commandFailed whether the last command is known to have failed although an instance runs
 * @param reason why it is in this phase, in a sentence without its full stop
 */
public record Slot(
        Desired desired,
        Phase phase,
        List<Leaving> leaving,
        Counters counters,
        List<Ending> history,
        OptionalInt exitCode,
        int readyGeneration,
        int wellGeneration,
        boolean commandFailed,
        String reason) {
    /** Most ends that are kept. */
    public static final int MAX_HISTORY = 50;

    /** The newest ends, of which all last lines are kept; of older ones the last is. */
    public static final int MAX_RECENT = 10;

    public static final Slot NEW = new Slot(
            Desired.STOPPED,
            new Phase.Stopped(),
            List.of(),
            Counters.NONE,
            List.of(),
            OptionalInt.empty(),
            0,
            0,
            false,
            "never started");

    public Slot {
        leaving = List.copyOf(leaving);
        history = List.copyOf(history);
        if (phase instanceof Phase.Stopping == leaving.isEmpty() && !mayLeaveBeside(phase)) {
            throw new IllegalArgumentException(phase + " with " + leaving);
        }
        if (history.size() > MAX_HISTORY) {
            throw new IllegalArgumentException("history of at most " + MAX_HISTORY + " expected");
        }
    }

    private static boolean mayLeaveBeside(Phase phase) {
        return switch (phase) {
            case Phase.Starting _, Phase.Launching _, Phase.Online _ -> true;
            case Phase.Stopped _, Phase.Errored _, Phase.Waiting _, Phase.Reloading _, Phase.Stopping _ -> false;
        };
    }

    /** The process that people mean when they ask for this instance. */
    public Optional<Generation> process() {
        return switch (phase) {
            case Phase.Launching(Generation process) -> Optional.of(process);
            case Phase.Online(Generation process, var _) -> Optional.of(process);
            case Phase.Reloading(Generation retiring, var _) -> Optional.of(retiring);
            case Phase.Stopped _, Phase.Errored _, Phase.Waiting _, Phase.Starting _, Phase.Stopping _ ->
                leaving.stream()
                        .filter(Leaving::mayRun)
                        .flatMap(gone -> gone.process().stream())
                        .findFirst();
        };
    }

    /** The process of a generation, when it runs and is not on its way out. */
    public Optional<Generation> running(int generation) {
        Stream<Generation> here = switch (phase) {
            case Phase.Launching(Generation process) -> Stream.of(process);
            case Phase.Online(Generation process, var _) -> Stream.of(process);
            case Phase.Reloading(Generation retiring, Phase.Incoming.Unready(Generation incoming)) ->
                Stream.of(retiring, incoming);
            case Phase.Reloading(Generation retiring, Phase.Incoming.Awaited _) -> Stream.of(retiring);
            case Phase.Stopped _, Phase.Errored _, Phase.Waiting _, Phase.Starting _, Phase.Stopping _ ->
                Stream.empty();
        };
        return here.filter(process -> process.number() == generation).findFirst();
    }

    /** Every generation that has, or may come to have, a running process. */
    public List<Integer> live() {
        Stream<Integer> here = switch (phase) {
            case Phase.Starting(int generation) -> Stream.of(generation);
            case Phase.Launching(Generation process) -> Stream.of(process.number());
            case Phase.Online(Generation process, var _) -> Stream.of(process.number());
            case Phase.Reloading(Generation retiring, Phase.Incoming incoming) ->
                Stream.of(retiring.number(), incoming.generation());
            case Phase.Stopped _, Phase.Errored _, Phase.Waiting _, Phase.Stopping _ -> Stream.empty();
        };
        return Stream.concat(here, leaving.stream().filter(Leaving::mayRun).map(Leaving::generation))
                .toList();
    }

    /** Whether the last command has come to its end: up, ended, given up, or failed and to be tried again. */
    public boolean settled() {
        return switch (phase) {
            case Phase.Stopped _, Phase.Errored _, Phase.Waiting _ -> true;
            case Phase.Online(var _, boolean thenReload) -> leaving.isEmpty() && !thenReload;
            case Phase.Starting _, Phase.Launching _, Phase.Reloading _, Phase.Stopping _ -> false;
        };
    }

    /** Whether it came where the last command wanted it; meaningful when settled. */
    public boolean succeeded() {
        return switch (phase) {
            case Phase.Stopped _, Phase.Online _ -> !commandFailed;
            case Phase.Errored _, Phase.Waiting _, Phase.Starting _, Phase.Launching _ -> false;
            case Phase.Reloading _, Phase.Stopping _ -> false;
        };
    }

    boolean hasRecorded(int generation) {
        return history.stream().anyMatch(ending -> ending.generation() == generation && ending.pid() != 0);
    }
}
