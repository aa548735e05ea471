package dev.bunctl.verticles.supervisor;

import dev.bunctl.bridge.message.CrashRecord;
import dev.bunctl.bridge.message.InstanceStatus.State;
import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.Signal;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.lifecycle.Ending;
import dev.bunctl.verticles.lifecycle.Generation;
import dev.bunctl.verticles.lifecycle.Phase;
import dev.bunctl.verticles.lifecycle.Slot;
import java.util.Optional;
import java.util.OptionalInt;

/** A slot as others see it. */
final class Snapshots {
    private Snapshots() {}

    /** @param unwatched why its files are not watched, when they should be */
    static InstanceSnapshot of(String instance, Slot slot, Optional<String> unwatched) {
        Optional<Generation> process = slot.process();
        return new InstanceSnapshot(
                instance,
                state(slot.phase()),
                process.map(Generation::identity),
                process.map(Generation::number).orElse(slot.counters().generation()),
                slot.counters().restarts(),
                slot.settled(),
                slot.succeeded(),
                process.isPresent() && process.get().number() == slot.wellGeneration(),
                process.map(Generation::startedAt),
                slot.exitCode(),
                slot.reason(),
                unwatched,
                slot.history().stream().map(ending -> crash(instance, ending)).toList());
    }

    static State state(Phase phase) {
        return switch (phase) {
            case Phase.Stopped _ -> State.STOPPED;
            case Phase.Errored _ -> State.ERRORED;
            case Phase.Waiting _ -> State.WAITING_RESTART;
            case Phase.Starting _, Phase.Launching _ -> State.LAUNCHING;
            case Phase.Online _, Phase.Reloading _ -> State.ONLINE;
            case Phase.Stopping _ -> State.STOPPING;
        };
    }

    private static CrashRecord crash(String instance, Ending ending) {
        return new CrashRecord(
                ending.at(),
                instance,
                ending.generation(),
                ending.pid(),
                ending.cause().kind(),
                ending.cause().text(),
                exitCode(ending.status()),
                signal(ending.status()),
                ending.uptime(),
                ending.decision(),
                ending.lastLines());
    }

    private static OptionalInt exitCode(Optional<ExitStatus> status) {
        return status.isPresent() && status.get() instanceof ExitStatus.Code(int code)
                ? OptionalInt.of(code)
                : OptionalInt.empty();
    }

    private static Optional<String> signal(Optional<ExitStatus> status) {
        return status.isPresent() && status.get() instanceof ExitStatus.Killed(Signal signal, var _)
                ? Optional.of(signal.longName())
                : Optional.empty();
    }
}
