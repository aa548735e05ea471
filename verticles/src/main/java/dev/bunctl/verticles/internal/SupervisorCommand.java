package dev.bunctl.verticles.internal;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.os.api.Signal;

/** What the control verticle asks of the supervisor of one instance. Answered at once with an {@link InstanceSnapshot}. */
public sealed interface SupervisorCommand {
    /** The user wants it to run. Nothing happens when it does. */
    record StartInstance(AppSpec spec) implements SupervisorCommand {}

    /** The user wants it stopped. Outranks every policy. */
    record StopInstance() implements SupervisorCommand {}

    /** Stop, then start with this specification; a stopped one is started once. */
    record RestartInstance(AppSpec spec) implements SupervisorCommand {}

    /** A new generation with this specification, ready before the old one goes; a stopped one is started. */
    record ReloadInstance(AppSpec spec) implements SupervisorCommand {}

    /** It goes on as it is, under another specification: whatever needs no new process is in force at once. */
    record ChangeInstance(AppSpec spec) implements SupervisorCommand {}

    /** A signal for the running program, nothing else changes. */
    record SignalInstance(Signal signal) implements SupervisorCommand {}

    /** Counters to zero. */
    record ResetInstance() implements SupervisorCommand {}

    /**
     * What runs, and what is started later, has the limits of this specification. Answered when they hold; fails when the
     * host refuses one.
     */
    record ChangeLimits(AppSpec spec) implements SupervisorCommand {}

    /** Watch the files that this specification names, or do not, from now on. */
    record ChangeWatch(AppSpec spec) implements SupervisorCommand {}

    /** What is it doing? */
    record InspectInstance() implements SupervisorCommand {}
}
