package dev.bunctl.bridge.message;

import java.time.Instant;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One change of one instance, published to whoever registered for it.
 *
 * @param at when it happened
 * @param type past tense, such as {@code spawned}, {@code became_ready}, {@code exited}, {@code gave_up}, {@code stopped}
 * @param instance {@code api:0}
 * @param state after the change
 * @param pid of the running process, or empty
 * @param generation counts its processes
 * @param restarts automatic restarts since it was started by the user or reset
 * @param exitCode of the last process, when it ended by itself
 * @param reason why it is in this state, in a sentence
 */
public record AppEvent(
        Instant at,
        String type,
        String instance,
        InstanceStatus.State state,
        OptionalLong pid,
        int generation,
        int restarts,
        OptionalInt exitCode,
        String reason) {}
