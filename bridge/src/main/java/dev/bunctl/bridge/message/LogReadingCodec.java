package dev.bunctl.bridge.message;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON of readings of logs. */
final class LogReadingCodec {
    private static final String READING = "reading";
    private static final String RESUME = "resume";
    private static final String NUMBER = "number";

    private LogReadingCodec() {}

    static Map<String, @Nullable Object> toMap(LogReading command) {
        return switch (command) {
            case LogReading.Open(var reading, Selection apps, LogQuery query, var from) -> {
                Map<String, @Nullable Object> body = CommandCodec.logs("open_logs", apps, query);
                body.put(READING, reading);
                from.ifPresent(place -> body.put(RESUME, toMap(place)));
                yield body;
            }
            case LogReading.Next(var reading, long after) -> {
                Map<String, @Nullable Object> body = CommandCodec.with("next_logs", READING, reading);
                body.put("after", after);
                yield body;
            }
            case LogReading.Close(var reading) -> CommandCodec.with("close_logs", READING, reading);
        };
    }

    private static Map<String, @Nullable Object> toMap(LogReading.Place place) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("since", place.since().toString());
        body.put("at", place.at());
        return body;
    }

    static LogReading open(Fields fields, Selection apps, LogQuery query) throws MalformedMessageException {
        Optional<LogReading.Place> from = fields.has(RESUME) ? Optional.of(place(fields)) : Optional.empty();
        try {
            return new LogReading.Open(fields.text(READING), apps, query, from);
        } catch (IllegalArgumentException invalid) {
            throw wrong(fields, invalid);
        }
    }

    static LogReading next(Fields fields) throws MalformedMessageException {
        try {
            return new LogReading.Next(fields.text(READING), fields.whole("after"));
        } catch (IllegalArgumentException invalid) {
            throw wrong(fields, invalid);
        }
    }

    static LogReading close(Fields fields) throws MalformedMessageException {
        try {
            return new LogReading.Close(fields.text(READING));
        } catch (IllegalArgumentException invalid) {
            throw wrong(fields, invalid);
        }
    }

    private static MalformedMessageException wrong(Fields fields, IllegalArgumentException invalid) {
        return fields.wrong(READING, String.valueOf(invalid.getMessage()));
    }

    private static LogReading.Place place(Fields fields) throws MalformedMessageException {
        Fields place = new Fields(fields.path() + RESUME + ".", fields.object(RESUME));
        Map<String, String> at = place.strings("at");
        if (at.size() > LogReading.Place.MAX) {
            throw place.wrong("at", "at most " + LogReading.Place.MAX + " logs");
        }
        return new LogReading.Place(place.instant("since"), at);
    }

    static void put(Answer.LogBatch batch, Map<String, @Nullable Object> body) {
        body.put(NUMBER, batch.number());
        body.put("lines", batch.lines().stream().map(RecentCodec::entry).toList());
        body.put(RESUME, toMap(batch.place()));
        body.put("last", batch.last());
    }

    static Answer.LogBatch batch(Fields fields) throws MalformedMessageException {
        return new Answer.LogBatch(
                fields.whole(NUMBER),
                fields.list("lines", RecentCodec::readEntry),
                place(fields),
                fields.flag("last", false));
    }
}
