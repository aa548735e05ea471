package dev.bunctl.verticles.lifecycle;

import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.Signal;
import java.time.Instant;
import java.util.List;

/** Something that happened to an instance. */
public sealed interface Event {
    /** The user wants it to run. */
    record StartAsked() implements Event {}

    /** The user wants it stopped. */
    record StopAsked() implements Event {}

    /** The user wants a new process, after the old one. */
    record RestartAsked() implements Event {}

    /** The user wants a new process, ready before the old one goes. */
    record ReloadAsked() implements Event {}

    /** The user wants the counters at zero. */
    record ResetAsked() implements Event {}

    /** The user sends it a signal. */
    record SignalAsked(Signal signal) implements Event {}

    /** A restart is due that is no sign of trouble. */
    record RestartDue(Occasion occasion, String detail) implements Event {}

    /** A running process is in trouble and has to be replaced. */
    record TroubleSeen(int generation, Trouble trouble, String detail) implements Event {}

    /** A process was executed. */
    record Spawned(int generation, ProcessIdentity identity) implements Event {}

    /**
     * A process could not be executed.
     *
     * @param detail names the step and the cause
     * @param shortage whether the host had too little of something, which is no fault of the app and passes
     */
    record NotSpawned(int generation, String detail, boolean shortage) implements Event {}

    /**
     * A process ended. May be told more than once.
     *
     * @param outOfMemory whether the host ended it, or part of its tree, for passing its memory limit
     */
    record Exited(int generation, ProcessIdentity identity, ExitStatus status, Instant at, boolean outOfMemory)
            implements Event {}

    /** The declared sign of readiness was seen. */
    record ReadySignSeen(int generation) implements Event {}

    /** It has passed its health check, as it does again and again. */
    record WellSeen(int generation) implements Event {}

    /** All that an ended process wrote has been taken in. */
    record Drained(int generation, List<String> lastLines) implements Event {
        public Drained {
            lastLines = List.copyOf(lastLines);
        }
    }

    /** A timer fired. */
    record TimerFired(TimerName timer) implements Event {}

    /** What a restart without trouble is for. */
    enum Occasion {
        CRON,
        FILE_CHANGE
    }

    /** What is wrong with a process that runs. */
    enum Trouble {
        HEALTH,
        MEMORY
    }
}
