package dev.bunctl.verticles.schedule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.bunctl.conf.CronRestart;
import java.time.Instant;
import java.util.Optional;

/** The times of a cron expression: five fields as in crontab(5), or six of which the first is seconds. */
public final class CronSchedule {
    private static final int FIELDS_WITH_SECONDS = 6;

    private final ExecutionTime times;
    private final CronRestart restart;

    private CronSchedule(CronRestart restart, ExecutionTime times) {
        this.restart = restart;
        this.times = times;
    }

    /**
     * The times of an expression.
     *
     * @throws IllegalArgumentException when the expression is none; the message says why
     */
    public static CronSchedule of(CronRestart restart) {
        String expression = restart.expression().strip();
        int fields = expression.split("\\s+", -1).length;
        CronType type = fields == FIELDS_WITH_SECONDS ? CronType.SPRING53 : CronType.UNIX;
        CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(type));
        return new CronSchedule(restart, ExecutionTime.forCron(parser.parse(expression)));
    }

    /** What is wrong with an expression, or empty when nothing is. */
    public static Optional<String> problemOf(CronRestart restart) {
        try {
            CronSchedule schedule = of(restart);
            return schedule.after(Instant.EPOCH).isPresent()
                    ? Optional.empty()
                    : Optional.of("cron expression " + restart.expression() + " never comes due");
        } catch (IllegalArgumentException e) {
            return Optional.of("cron expression " + restart.expression() + ": " + e.getMessage());
        }
    }

    /** The first time after the given one; empty when there is none. */
    public Optional<Instant> after(Instant time) {
        return times.nextExecution(time.atZone(restart.zone())).map(next -> next.toInstant());
    }

    /** The last time before the given one; empty when there is none. */
    public Optional<Instant> before(Instant time) {
        return times.lastExecution(time.atZone(restart.zone())).map(last -> last.toInstant());
    }
}
