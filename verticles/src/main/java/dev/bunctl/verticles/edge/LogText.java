package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.command.LogView;
import dev.bunctl.bridge.message.LogEntry;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.verticles.log.LogSource;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lines of logs as a command prints them: as they are, behind their time or the name of their app, or as JSON. */
final class LogText {
    private static final String STDERR = "stderr";
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String PLAIN = "\u001b[0m";

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx")
            .toFormatter(Locale.ROOT);

    private final LogView view;
    private final boolean colours;
    private final boolean ofNodes;
    private final DateTimeFormatter time;
    private final Set<String> names = new HashSet<>();
    private int longest;

    /**
     * @param colours whether there may be colours
     * @param ofNodes whether lines are of nodes, and so always have a name; those of one host have names when there are several
     * @param zone of the times shown
     */
    LogText(LogView view, boolean colours, boolean ofNodes, ZoneId zone) {
        this.view = view;
        this.colours = colours && view.colours();
        this.ofNodes = ofNodes;
        this.time = TIME.withZone(zone);
    }

    /** Lines of this one may come too. */
    void add(LogSource source) {
        add(name(source.app(), source.instance()));
    }

    /** Lines of this one of a node may come too. */
    void add(String node, LogEntry entry) {
        add(name(Optional.of(node), entry));
    }

    private void add(String name) {
        names.add(name);
        longest = Math.max(longest, name.length());
    }

    private static String name(String app, OptionalInt instance) {
        return instance.isPresent() ? app + ":" + instance.getAsInt() : app;
    }

    private static String name(Optional<String> node, LogEntry entry) {
        String name = name(entry.app(), entry.instance());
        return node.isPresent() ? node.get() + "/" + name : name;
    }

    /** Appends a line to what goes to stdout. Lines that are missing are talk, unless each line is an object and this can be one too. */
    void entry(Optional<String> node, LogEntry entry, StringBuilder out, StringBuilder err) {
        if (view.json()) {
            Map<String, @Nullable Object> object = object(node, entry);
            switch (entry.content()) {
                case LogEntry.Line(String text) -> object.put("line", text);
                case LogEntry.Gap(String why) -> object.put("gap", why);
            }
            out.append(Json.write(object)).append('\n');
            return;
        }
        switch (entry.content()) {
            case LogEntry.Line(String text) -> line(node, entry, text, out);
            case LogEntry.Gap(String why) ->
                err.append("bunctl: ")
                        .append(name(node, entry))
                        .append(": lines are missing here: ")
                        .append(why)
                        .append('\n');
        }
    }

    private void line(Optional<String> node, LogEntry entry, String text, StringBuilder out) {
        if (view.timestamp()) {
            time.formatTo(entry.at(), out);
            out.append(' ');
        }
        if ((ofNodes || names.size() > 1) && !view.raw()) {
            prefix(name(node, entry), entry.stream(), out);
        }
        out.append(text).append('\n');
    }

    private void prefix(String name, String stream, StringBuilder to) {
        if (colours) {
            to.append(STDERR.equals(stream) ? RED : GREEN);
        }
        to.append(name).repeat(' ', Math.max(0, longest - name.length())).append(" |");
        if (colours) {
            to.append(PLAIN);
        }
        to.append(' ');
    }

    /** Says that a node cannot be reached, or can again: as {@link #entry} does of lines that are missing. */
    void reach(String node, Instant at, Optional<Instant> unreachableSince, StringBuilder out, StringBuilder err) {
        if (view.json()) {
            Map<String, @Nullable Object> object = begun(at, Optional.of(node));
            object.put("reachable", unreachableSince.isEmpty());
            object.put(
                    "unreachable_since", unreachableSince.map(Instant::toString).orElse(null));
            out.append(Json.write(object)).append('\n');
            return;
        }
        err.append("bunctl: ").append(node);
        if (unreachableSince.isPresent()) {
            err.append(" cannot be reached since ");
            time.formatTo(unreachableSince.get(), err);
            err.append("; its lines come when it is back\n");
        } else {
            err.append(" is back; its lines go on\n");
        }
    }

    /** What every object begins with; the same on the command line and on the event bus. */
    static Map<String, @Nullable Object> object(Optional<String> node, LogEntry entry) {
        Map<String, @Nullable Object> object = begun(entry.at(), node);
        object.put("app", entry.app());
        object.put(
                "instance",
                entry.instance().isPresent() ? (long) entry.instance().getAsInt() : null);
        object.put("stream", entry.stream());
        return object;
    }

    private static Map<String, @Nullable Object> begun(Instant at, Optional<String> node) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("version", (long) Protocol.VERSION);
        object.put("at", at.toString());
        node.ifPresent(name -> object.put("node", name));
        return object;
    }
}
