package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.LogReading;
import dev.bunctl.verticles.log.LogBatch;
import dev.bunctl.verticles.log.LogReader;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import dev.bunctl.verticles.log.LogRequest;
import dev.bunctl.verticles.log.LogResume;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** The readings of logs that their readers ask on, a batch at a time. Used from one event loop. */
final class LogReadings {
    /** Readings at one time. */
    static final int MAX = 256;

    /** An answer comes after this, with lines or without. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    /** A reading that nobody asks for any more is forgotten after this: whoever comes back begins another where it stopped. */
    static final Duration KEPT = Duration.ofMinutes(1);

    private static final System.Logger LOG = System.getLogger(LogReadings.class.getName());

    private final Vertx vertx;
    private final Inside inside;
    private final LogReader logs;
    private final Path folder;
    private final InstantSource clock;
    private final Follows follows;
    private final Map<String, Reading> readings = new HashMap<>();
    private boolean closed;

    /**
     * @param folder where the logs of apps are that name no place of their own
     * @param follows hears of instances that start later
     */
    LogReadings(Vertx vertx, Inside inside, LogReader logs, Path folder, InstantSource clock, Follows follows) {
        this.vertx = vertx;
        this.inside = inside;
        this.logs = logs;
        this.folder = folder;
        this.clock = clock;
        this.follows = follows;
    }

    /** Never fails. Who begins a reading is remembered by the audit log; who goes on with it has been. */
    Future<Answer> answer(Message<?> from, LogReading asked) {
        return switch (asked) {
            case LogReading.Open open -> open(from, open);
            case LogReading.Next next -> allowed(from, next, () -> next(next));
            case LogReading.Close close -> allowed(from, close, () -> close(close));
        };
    }

    private Future<Answer> allowed(Message<?> from, LogReading asked, Supplier<Future<Answer>> answer) {
        return inside.refusal(from, asked)
                .map(refused -> Future.<Answer>succeededFuture(refused))
                .orElseGet(answer);
    }

    private Future<Answer> next(LogReading.Next asked) {
        Reading reading = readings.get(asked.reading());
        return reading != null
                ? reading.next(asked.after())
                : refused(closed ? ErrorCode.DAEMON_LOST : ErrorCode.NOT_FOUND, "no such reading");
    }

    private Future<Answer> close(LogReading.Close asked) {
        Reading reading = readings.get(asked.reading());
        if (reading != null) {
            reading.close();
        }
        return Future.succeededFuture(new Answer.LogBatch(0, List.of(), place(clock.instant()), true));
    }

    private static LogReading.Place place(Instant since) {
        return new LogReading.Place(since, Map.of());
    }

    private static Future<Answer> refused(ErrorCode code, String detail) {
        return Future.succeededFuture(new Answer.Refused(code, detail, Optional.empty()));
    }

    private Future<Answer> open(Message<?> from, LogReading.Open asked) {
        Reading same = readings.get(asked.reading());
        if (same != null) {
            return same.next(0); // asked again, for the answer was lost
        }
        return inside.ask(from, asked, new Command.Describe(asked.selection()))
                .compose(answer -> answer instanceof Answer.Description(List<Answer.AppDescription> apps, var _)
                        ? open(asked, apps)
                        : Future.succeededFuture(answer));
    }

    private Future<Answer> open(LogReading.Open asked, List<Answer.AppDescription> apps) {
        if (closed) {
            return refused(ErrorCode.DAEMON_LOST, "the daemon ends");
        }
        if (readings.size() >= MAX) {
            return refused(ErrorCode.LIMIT, "at most " + MAX + " readings of logs at once");
        }
        LogRequest request;
        try {
            LogRequest fresh = LogRequest.of(LogCommand.filesOf(folder, apps), asked.query());
            request = asked.from().map(LogResume::of).map(fresh::from).orElse(fresh);
        } catch (PatternSyntaxException e) {
            return refused(ErrorCode.INVALID, LogCommand.notAnExpression(e));
        } catch (InvalidPathException e) {
            return refused(ErrorCode.INVALID, "resume: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            return refused(ErrorCode.LIMIT, String.valueOf(e.getMessage()));
        }
        Reading reading = readings.computeIfAbsent(asked.reading(), _ -> begin(asked, request));
        return reading.next(0);
    }

    private Reading begin(LogReading.Open asked, LogRequest request) {
        Instant since = asked.from().map(LogReading.Place::since).orElseGet(clock::instant);
        LogCursor cursor = logs.open(request);
        if (!asked.query().follow()) {
            return new Reading(asked.reading(), cursor, since, Optional.empty());
        }
        Command selected = new Command.Describe(asked.selection());
        NewLogs newcomers =
                new NewLogs(_ -> true, folder, asked.query(), since, () -> inside.ask(selected), cursor, _ -> {});
        follows.add(newcomers);
        return new Reading(asked.reading(), cursor, since, Optional.of(newcomers));
    }

    /** Ends them all: this daemon ends. Their readers are answered, so that nothing waits for them. */
    void closeAll() {
        closed = true;
        List.copyOf(readings.values()).forEach(Reading::close);
    }

    /** One reading: holds the batch that was told last, and at most one that nobody has asked for yet. */
    private final class Reading {
        private final String id;
        private final LogCursor cursor;
        private final Instant since;
        private final Optional<NewLogs> newcomers;
        private Answer.LogBatch told;
        private Answer.@Nullable LogBatch ready;
        private @Nullable Promise<Answer> waiting;
        private boolean asking;
        private long timer;

        Reading(String id, LogCursor cursor, Instant since, Optional<NewLogs> newcomers) {
            this.id = id;
            this.cursor = cursor;
            this.since = since;
            this.newcomers = newcomers;
            this.told = nothing(0);
            this.timer = vertx.setTimer(KEPT.toMillis(), _ -> close());
        }

        private Answer.LogBatch nothing(long number) {
            return new Answer.LogBatch(number, List.of(), place(since), false);
        }

        Future<Answer> next(long after) {
            if (after == told.number() - 1) {
                arm(KEPT, this::close);
                return Future.succeededFuture(told);
            }
            if (after != told.number()) {
                return refused(ErrorCode.INVALID, "after: " + told.number() + " expected");
            }
            if (told.last()) {
                return Future.succeededFuture(told);
            }
            answer(nothing(told.number()));
            Promise<Answer> promise = Promise.promise();
            waiting = promise;
            arm(LONGEST_WAIT, () -> answer(nothing(told.number())));
            if (ready != null) {
                tell(ready);
            } else {
                read();
            }
            return promise.future();
        }

        private void arm(Duration time, Runnable then) {
            boolean _ = vertx.cancelTimer(timer);
            timer = vertx.setTimer(time.toMillis(), _ -> then.run());
        }

        private void answer(Answer answer) {
            Promise<Answer> asker = waiting;
            if (asker != null) {
                waiting = null;
                arm(KEPT, this::close);
                asker.complete(answer);
            }
        }

        private void read() {
            if (asking) {
                return;
            }
            asking = true;
            cursor.next().onSuccess(this::take).onFailure(cause -> {
                LOG.log(System.Logger.Level.WARNING, "a reading of logs has ended", cause);
                answer(new Answer.Refused(
                        ErrorCode.BROKEN, "the logs cannot be read: " + cause.getMessage(), Optional.empty()));
                close();
            });
        }

        private void take(LogBatch batch) {
            asking = false;
            if (readings.get(id) != this) {
                return;
            }
            Map<String, String> at = new HashMap<>();
            batch.positions().forEach((file, position) -> at.put(file.toString(), position.text()));
            Answer.LogBatch next = new Answer.LogBatch(
                    told.number() + 1,
                    batch.items().stream().map(LogLines::entry).toList(),
                    new LogReading.Place(since, at),
                    batch.last());
            if (batch.last()) {
                cursor.close();
            }
            if (waiting == null) {
                ready = next;
            } else {
                tell(next);
            }
        }

        private void tell(Answer.LogBatch next) {
            ready = null;
            told = next;
            answer(next);
        }

        void close() {
            readings.remove(id, this);
            answer(nothing(told.number()));
            boolean _ = vertx.cancelTimer(timer);
            newcomers.ifPresent(follows::remove);
            cursor.close();
        }
    }
}
