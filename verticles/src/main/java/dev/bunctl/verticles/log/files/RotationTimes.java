package dev.bunctl.verticles.log.files;

import dev.bunctl.conf.CronRestart;
import dev.bunctl.conf.LogPolicy.Rotation;
import dev.bunctl.verticles.schedule.CronSchedule;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.stream.Stream;

/** When a log is put aside by time. Pure. */
public final class RotationTimes {
    private RotationTimes() {}

    /**
     * When a log is to be put aside next; {@code now} when a time was missed.
     *
     * @param lastWritten empty for an empty log
     * @param zone in which days begin and cron fields are read
     * @return empty when its policy knows no times
     */
    public static Optional<Instant> next(Rotation policy, Instant now, Optional<Instant> lastWritten, ZoneId zone) {
        Optional<CronSchedule> cron =
                policy.cron().map(expression -> CronSchedule.of(new CronRestart(expression, zone)));
        Optional<Instant> missed = latest(
                policy.every().map(every -> Retention.periodStart(now, every, zone)),
                cron.flatMap(schedule -> schedule.before(now)));
        if (missed.isPresent() && lastWritten.isPresent() && lastWritten.get().isBefore(missed.get())) {
            return Optional.of(now);
        }
        return Stream.of(
                        policy.every().map(every -> Retention.nextPeriod(now, every, zone)),
                        cron.flatMap(schedule -> schedule.after(now)))
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    private static Optional<Instant> latest(Optional<Instant> one, Optional<Instant> other) {
        return Stream.of(one, other).flatMap(Optional::stream).max(Instant::compareTo);
    }
}
