package dev.bunctl.bridge.message;

import dev.bunctl.bridge.message.UsageSeries.Quantity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of the past: what instances used and wrote, and what happened to them. */
final class RecentCodec {
    private static final String INSTANCE = "instance";

    private RecentCodec() {}

    static void put(Answer.UsageHistory history, Map<String, @Nullable Object> body) {
        body.put("times_ms", history.times().stream().map(Instant::toEpochMilli).toList());
        body.put("series", history.series().stream().map(RecentCodec::series).toList());
    }

    private static Map<String, @Nullable Object> series(UsageSeries series) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put(INSTANCE, series.instance());
        for (Quantity quantity : Quantity.values()) {
            List<Float> values = series.values().get(quantity);
            if (values != null) {
                body.put(Names.wireName(quantity), numbers(values));
            }
        }
        return body;
    }

    /** JSON has no number for what is none. Hundredths are enough. */
    private static List<@Nullable Object> numbers(List<Float> values) {
        List<@Nullable Object> numbers = new ArrayList<>(values.size());
        for (float value : values) {
            numbers.add(Float.isNaN(value) ? null : Math.round(value * 100.0) / 100.0);
        }
        return numbers;
    }

    static Answer.UsageHistory readHistory(Fields fields) throws MalformedMessageException {
        return new Answer.UsageHistory(
                fields.numbers("times_ms").stream()
                        .map(time -> Instant.ofEpochMilli(time == null ? 0 : time.longValue()))
                        .toList(),
                fields.list("series", RecentCodec::readSeries));
    }

    private static UsageSeries readSeries(Fields fields) throws MalformedMessageException {
        Map<Quantity, List<Float>> values = new EnumMap<>(Quantity.class);
        for (Quantity quantity : Quantity.values()) {
            String name = Names.wireName(quantity);
            if (fields.has(name)) {
                values.put(
                        quantity,
                        fields.numbers(name).stream()
                                .map(number -> number == null ? Float.NaN : number.floatValue())
                                .toList());
            }
        }
        return new UsageSeries(fields.text(INSTANCE), values);
    }

    static void put(Answer.RecentEvents recent, Map<String, @Nullable Object> body) {
        body.put("events", recent.events().stream().map(StatusCodec::event).toList());
    }

    static Answer.RecentEvents readEvents(Fields fields) throws MalformedMessageException {
        return new Answer.RecentEvents(fields.list("events", StatusCodec::readEvent));
    }

    static void put(Answer.LogLines answer, Map<String, @Nullable Object> body) {
        body.put("lines", answer.lines().stream().map(RecentCodec::entry).toList());
        body.put("complete", answer.complete());
    }

    static Map<String, @Nullable Object> entry(LogEntry entry) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("at", entry.at().toString());
        body.put("app", entry.app());
        body.put(
                INSTANCE, entry.instance().isPresent() ? (long) entry.instance().getAsInt() : null);
        body.put("stream", entry.stream());
        switch (entry.content()) {
            case LogEntry.Line(String text) -> body.put("line", text);
            case LogEntry.Gap(String why) -> body.put("gap", why);
        }
        return body;
    }

    static Answer.LogLines readLines(Fields fields) throws MalformedMessageException {
        return new Answer.LogLines(fields.list("lines", RecentCodec::readEntry), fields.flag("complete", true));
    }

    static LogEntry readEntry(Fields fields) throws MalformedMessageException {
        return new LogEntry(
                fields.instant("at"),
                fields.text("app"),
                fields.optionalNumber(INSTANCE),
                fields.text("stream"),
                fields.has("gap") ? new LogEntry.Gap(fields.text("gap")) : new LogEntry.Line(fields.text("line")));
    }
}
