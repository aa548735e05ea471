package dev.bunctl.verticles.internal;

import dev.bunctl.bridge.message.CrashRecord;
import dev.bunctl.bridge.message.InstanceStatus;
import dev.bunctl.os.api.ProcessIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one instance is doing, as its supervisor sees it.
 *
 * @param instance {@code api:0}
 * @param identity of the running process, or empty
 * @param settled whether the last command has come to its end: up (ready), ended for good, or given up
 * @param succeeded whether it came where the last command wanted it; meaningful when settled
 * @param healthy whether the running process has passed its health check; false where there is none
 * @param startedAt when the running process was executed
 * @param exitCode of the last process that ended by itself
 * @param reason why it is in this state, in a sentence
 * @param unwatched why its files are not watched, when they should be
 * @param crashes the last ends, newest last
 */
public record InstanceSnapshot(
        String instance,
        InstanceStatus.State state,
        Optional<ProcessIdentity> identity,
        int generation,
        int restarts,
        boolean settled,
        boolean succeeded,
        boolean healthy,
        Optional<Instant> startedAt,
        OptionalInt exitCode,
        String reason,
        Optional<String> unwatched,
        List<CrashRecord> crashes) {
    public InstanceSnapshot {
        crashes = List.copyOf(crashes);
    }
}
