package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.command.LogView;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.verticles.log.LogItem;
import dev.bunctl.verticles.log.LogSource;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lines of logs as a command prints them: as they are, behind their time or the name of their app, or as JSON. */
final class LogText {
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String PLAIN = "\u001b[0m";

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx")
            .toFormatter(Locale.ROOT);

    private final LogView view;
    private final boolean colours;
    private final DateTimeFormatter time;
    private final Set<String> names = new HashSet<>();
    private int longest;

    /**
     * @param sources names are shown when there are several
     * @param colours whether there may be colours
     * @param zone of the times shown
     */
    LogText(List<LogSource> sources, LogView view, boolean colours, ZoneId zone) {
        this.view = view;
        this.colours = colours && view.colours();
        this.time = TIME.withZone(zone);
        sources.forEach(this::add);
    }

    /** Lines of this one may come too. */
    void add(LogSource source) {
        names.add(name(source));
        longest = Math.max(longest, name(source).length());
    }

    private static String name(LogSource source) {
        return source.instance().isPresent()
                ? source.app() + ":" + source.instance().getAsInt()
                : source.app();
    }

    /** Appends a line to what goes to stdout. */
    void line(LogItem.Line line, StringBuilder out) {
        String text = line.text().toString(StandardCharsets.UTF_8);
        if (view.json()) {
            Map<String, @Nullable Object> object = object(line);
            object.put("line", text);
            out.append(Json.write(object)).append('\n');
            return;
        }
        if (view.timestamp()) {
            time.formatTo(line.arrival(), out);
            out.append(' ');
        }
        if (names.size() > 1 && !view.raw()) {
            prefix(line.source(), out);
        }
        out.append(text).append('\n');
    }

    private void prefix(LogSource source, StringBuilder to) {
        if (colours) {
            to.append(source.stream() == LogSource.Stream.STDERR ? RED : GREEN);
        }
        String name = name(source);
        to.append(name).repeat(' ', longest - name.length()).append(" |");
        if (colours) {
            to.append(PLAIN);
        }
        to.append(' ');
    }

    /** Says that lines are missing: talk, unless each line is an object and this can be one too. */
    void gap(LogItem.Gap gap, StringBuilder out, StringBuilder err) {
        if (view.json()) {
            Map<String, @Nullable Object> object = object(gap);
            object.put("gap", gap.reason());
            out.append(Json.write(object)).append('\n');
            return;
        }
        err.append("bunctl: ").append(name(gap.source())).append(": lines are missing here: ");
        err.append(gap.reason()).append('\n');
    }

    /** What every object begins with; the same on the command line and on the event bus. */
    static Map<String, @Nullable Object> object(LogItem item) {
        LogSource source = item.source();
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("version", (long) Protocol.VERSION);
        object.put("at", item.arrival().toString());
        object.put("app", source.app());
        object.put(
                "instance",
                source.instance().isPresent() ? (long) source.instance().getAsInt() : null);
        object.put("stream", source.stream().name().toLowerCase(Locale.ROOT));
        return object;
    }
}
