package dev.bunctl.bridge.message;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What one instance is doing.
 *
 * @param id short number for the command line, stable while the instance is known
 * @param pid of the running process, or empty
 * @param generation counts its processes
 * @param restarts automatic restarts since it was started by the user or reset
 * @param uptimeMillis since the present process was executed, 0 when there is none
 * @param cpuPercent 100 is one core; empty when not sampled
 * @param memoryBytes of its whole tree; empty when not sampled
 * @param exitCode of the last process, when it ended by itself
 * @param reason why it is in this state, in a sentence
 * @param outLog path of its log, empty when there is none
 * @param errLog path of its log, empty when there is none
 */
public record InstanceStatus(
        int id,
        String name,
        int instance,
        String namespace,
        OptionalLong pid,
        State state,
        int generation,
        int restarts,
        long uptimeMillis,
        Optional<Double> cpuPercent,
        OptionalLong memoryBytes,
        OptionalInt exitCode,
        String reason,
        String outLog,
        String errLog) {
    /** The states people and programs see. */
    public enum State {
        LAUNCHING,
        ONLINE,
        STOPPING,
        STOPPED,
        WAITING_RESTART,
        ERRORED;

        /** {@code waiting_restart}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
