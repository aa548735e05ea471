package dev.bunctl.verticles.lifecycle;

import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.Signal;
import java.time.Duration;

/** Something to be done, in the order given, after the new state is in place. */
public sealed interface Effect {
    /** Ask for a process; answered by {@link Event.Spawned} or {@link Event.NotSpawned}. */
    record Spawn(int generation) implements Effect {}

    /** Send a signal. */
    record SendSignal(int generation, Signal signal, Processes.Scope scope) implements Effect {}

    /** Tell the program to end by the message {@code shutdown}; by the signal, where it has no channel for messages. */
    record SendShutdownMessage(int generation, Signal otherwise, Processes.Scope scope) implements Effect {}

    /** Lift the soft memory limit of a process that is about to be told to end: under it, it may be too slow to. */
    record EaseMemory(int generation) implements Effect {}

    /** Answer with {@link Event.TimerFired} after the time. */
    record ArmTimer(TimerName timer, Duration after) implements Effect {}

    /** The timer is wanted no more. */
    record CancelTimer(TimerName timer) implements Effect {}

    /** Look for the declared sign of readiness; answered by {@link Event.ReadySignSeen} when it comes. */
    record WatchReadiness(int generation) implements Effect {}

    /** Watch its health and memory as declared; {@link Event.TroubleSeen} tells of trouble. */
    record WatchHealth(int generation) implements Effect {}

    /** Watch nothing about it any more. */
    record EndWatch(int generation) implements Effect {}

    /** Take in what an ended process wrote; answered by {@link Event.Drained}. */
    record Drain(int generation, LastLines lines) implements Effect {}

    /** Whether the last lines of stderr are of interest. */
    enum LastLines {
        NONE,
        /** They come with {@link Event.Drained}. */
        AWAITED,
        /** They come in a second {@link Event.Drained}: nothing waits for them. */
        LATER
    }

    /** Write down counters and history. */
    record Save() implements Effect {}

    /**
     * Let the host forget an exit, but not before what is now known of it has been written down: otherwise a daemon
     * that dies in between would never know of it.
     */
    record Acknowledge(int generation) implements Effect {}

    /** Tell whoever listens. */
    record Announce(Happening happening) implements Effect {}

    /** What is announced, in past tense. */
    enum Happening {
        STARTING,
        SPAWNED,
        NOT_SPAWNED,
        BECAME_READY,
        BECAME_HEALTHY,
        STOPPING,
        KILLED,
        EXITED,
        WAITING,
        STOPPED,
        GAVE_UP,
        /** Given up, and its policy wants it deleted. */
        GAVE_UP_FOR_GOOD,
        RELOADING,
        RELOADED,
        RELOAD_FAILED,
        RESET,
        ADOPTED
    }
}
