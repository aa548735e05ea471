package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.wire.Json;
import dev.bunctl.verticles.log.LogItem;
import dev.bunctl.verticles.log.LogSource;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lines of logs as a command prints them: as they are, behind the name of their app when there are several, or as JSON. */
final class LogText {
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String PLAIN = "\u001b[0m";

    private final boolean json;
    private final boolean colours;
    private final int width;

    LogText(List<LogSource> sources, boolean json, boolean colours) {
        this.json = json;
        this.colours = colours;
        Set<String> names = new HashSet<>();
        int longest = 0;
        for (LogSource source : sources) {
            names.add(name(source));
            longest = Math.max(longest, name(source).length());
        }
        this.width = names.size() > 1 ? longest : 0;
    }

    private static String name(LogSource source) {
        return source.instance().isPresent()
                ? source.app() + ":" + source.instance().getAsInt()
                : source.app();
    }

    void line(LogItem.Line line, StringBuilder to) {
        String text = line.text().toString(StandardCharsets.UTF_8);
        if (json) {
            to.append(Json.write(object(line, text))).append('\n');
            return;
        }
        if (width > 0) {
            prefix(line.source(), to);
        }
        to.append(text).append('\n');
    }

    private void prefix(LogSource source, StringBuilder to) {
        if (colours) {
            to.append(source.stream() == LogSource.Stream.STDERR ? RED : GREEN);
        }
        String name = name(source);
        to.append(name).repeat(' ', width - name.length()).append(" |");
        if (colours) {
            to.append(PLAIN);
        }
        to.append(' ');
    }

    private static Map<String, @Nullable Object> object(LogItem.Line line, String text) {
        LogSource source = line.source();
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("version", 1L);
        object.put("at", line.arrival().toString());
        object.put("app", source.app());
        object.put(
                "instance",
                source.instance().isPresent() ? (long) source.instance().getAsInt() : null);
        object.put("stream", source.stream().name().toLowerCase(Locale.ROOT));
        object.put("line", text);
        return object;
    }

    void gap(LogItem.Gap gap, StringBuilder to) {
        to.append("bunctl: ").append(name(gap.source())).append(": lines are missing here: ");
        to.append(gap.reason()).append('\n');
    }
}
