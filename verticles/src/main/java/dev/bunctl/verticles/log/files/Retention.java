package dev.bunctl.verticles.log.files;

import dev.bunctl.conf.LogPolicy.Rotation;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

/** Decides what becomes of log files. Pure. */
public final class Retention {
    private static final Duration DAY = Duration.ofDays(1);

    private Retention() {}

    /**
     * Which files put aside are to be deleted: the oldest, until count, age and total are kept.
     *
     * @param files oldest first
     * @param liveBytes what the log written to takes now
     */
    public static List<RotatedFile> expired(List<RotatedFile> files, long liveBytes, Rotation policy, Instant now) {
        List<RotatedFile> expired = new ArrayList<>();
        long total = liveBytes + files.stream().mapToLong(RotatedFile::bytes).sum();
        for (int i = 0; i < files.size(); i++) {
            RotatedFile file = files.get(i);
            boolean tooMany = files.size() - i > policy.keep();
            boolean tooOld = policy.maxAge()
                    .map(age -> file.at().plus(age).isBefore(now))
                    .orElse(false);
            if (tooMany || tooOld || total > policy.maxTotalBytes()) {
                expired.add(file);
                total -= file.bytes();
            }
        }
        return expired;
    }

    /** The start of the period that {@code now} is in; periods of a day or less count from local midnight. */
    public static Instant periodStart(Instant now, Duration every, ZoneId zone) {
        if (every.compareTo(DAY) > 0) {
            long days = every.toDays();
            LocalDate today = LocalDate.ofInstant(now, zone);
            return LocalDate.ofEpochDay(Math.floorDiv(today.toEpochDay(), days) * days)
                    .atStartOfDay(zone)
                    .toInstant();
        }
        Instant midnight = LocalDate.ofInstant(now, zone).atStartOfDay(zone).toInstant();
        long periods = Duration.between(midnight, now).dividedBy(every);
        return midnight.plus(every.multipliedBy(periods));
    }

    /** When the next period starts; always after {@code now}. */
    public static Instant nextPeriod(Instant now, Duration every, ZoneId zone) {
        Instant start = periodStart(now, every, zone);
        if (every.compareTo(DAY) > 0) {
            return ZonedDateTime.ofInstant(start, zone).plusDays(every.toDays()).toInstant();
        }
        Instant midnight =
                LocalDate.ofInstant(now, zone).plusDays(1).atStartOfDay(zone).toInstant();
        Instant next = start.plus(every);
        return next.isBefore(midnight) ? next : midnight;
    }
}
