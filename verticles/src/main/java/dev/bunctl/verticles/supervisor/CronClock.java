package dev.bunctl.verticles.supervisor;

import dev.bunctl.conf.CronRestart;
import dev.bunctl.verticles.schedule.CronSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tells when a cron expression comes due. The wall clock decides, so it is asked at least once a minute: a timer alone
 * would be wrong by as much as the clock was set or the host slept. A time that was slept through comes due once.
 */
final class CronClock {
    static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private static final System.Logger LOG = System.getLogger(CronClock.class.getName());

    private final Surroundings around;
    private final Runnable due;
    private Optional<CronRestart> declared = Optional.empty();
    private OptionalLong timer = OptionalLong.empty();

    CronClock(Surroundings around, Runnable due) {
        this.around = around;
        this.due = due;
    }

    /** Follows this expression from now on, or none. */
    void follow(Optional<CronRestart> restart) {
        if (restart.equals(declared)) {
            return;
        }
        end();
        declared = restart;
        restart.ifPresent(this::begin);
    }

    void end() {
        timer.ifPresent(around::cancel);
        timer = OptionalLong.empty();
        declared = Optional.empty();
    }

    private void begin(CronRestart restart) {
        try {
            arm(CronSchedule.of(restart), around.now().wall());
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.ERROR, "no cron restarts: " + restart.expression(), e);
        }
    }

    private void arm(CronSchedule schedule, Instant from) {
        schedule.after(from).ifPresent(next -> waitFor(schedule, next));
    }

    private void waitFor(CronSchedule schedule, Instant next) {
        Duration left = Duration.between(around.now().wall(), next);
        Duration wait = left.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : left;
        timer = OptionalLong.of(around.arm(wait.isNegative() ? Duration.ZERO : wait, () -> {
            Instant now = around.now().wall();
            if (now.isBefore(next)) {
                waitFor(schedule, next);
            } else {
                arm(schedule, now);
                due.run();
            }
        }));
    }
}
