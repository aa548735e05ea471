package dev.bunctl.verticles.log.collect;

import dev.bunctl.conf.LogPolicy.Rotation;
import dev.bunctl.verticles.log.files.LogFolder;
import dev.bunctl.verticles.log.files.RotationTimes;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** When one log is put aside, and the putting aside. Blocking; its log has the turn. */
final class Turnover {
    /** A log passes its size by at most this while it waits for the end of a line, and then is cut within one. */
    static final int SLACK_BYTES = 256 * 1024;

    private final Path log;
    private final Workshop shop;
    private Rotation policy;
    private long sequence;
    private long atBytes;
    private long atMillis = Long.MAX_VALUE;

    Turnover(Path log, Rotation policy, Workshop shop) {
        this.log = log;
        this.policy = policy;
        this.shop = shop;
        this.atBytes = policy.maxBytes();
    }

    Rotation policy() {
        return policy;
    }

    /** Takes another policy from now on; {@link #planByTime} is due for a log that is open. */
    void adopt(Rotation next) {
        policy = next;
        atBytes = next.maxBytes();
    }

    /** Bytes until a log of that size is to be put aside; may be negative. */
    long room(long bytes) {
        return atBytes - bytes;
    }

    /** Whether a log of that size is to be put aside, at the end of a line or because none comes. */
    boolean isDueBySize(long bytes, BooleanSupplier endsLine) {
        return bytes >= atBytes && (bytes >= atBytes + SLACK_BYTES || endsLine.getAsBoolean());
    }

    boolean isDueByTime(long bytes) {
        return bytes > 0 && shop.clock().millis() >= atMillis;
    }

    /** Finds out when a log of that size is to be put aside by time. */
    void planByTime(long bytes) {
        Optional<Instant> written = bytes == 0
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(log.toFile().lastModified()));
        try {
            atMillis = RotationTimes.next(policy, shop.clock().instant(), written, shop.zone())
                    .map(Instant::toEpochMilli)
                    .orElse(Long.MAX_VALUE);
        } catch (IllegalArgumentException e) {
            atMillis = Long.MAX_VALUE;
            shop.troubles().report(log, "it is not put aside by its cron expression: " + e.getMessage());
        }
    }

    /** Puts a log of that size aside; false when it could not be and is to be written on. */
    boolean putAside(long bytes) {
        try {
            if (sequence == 0) {
                sequence = LogFolder.list(log).lastSequence();
            }
            var _ = shop.steps().putAside(log, sequence + 1, shop.clock().instant());
            sequence++;
        } catch (NoSuchFileException e) {
            shop.troubles().report(log, "it was removed by someone else and is made anew");
        } catch (IOException e) {
            shop.troubles().report(log, "it cannot be put aside and grows on: " + e);
            atBytes = bytes + policy.maxBytes();
            atMillis = Long.MAX_VALUE;
            return false;
        }
        atBytes = policy.maxBytes();
        return true;
    }
}
