package dev.bunctl.bridge.render;

import dev.bunctl.bridge.message.CrashRecord;
import java.util.List;

/** Ends of processes: one line each, what it wrote last below it. */
final class HistoryView {
    private HistoryView() {}

    static String render(List<CrashRecord> crashes, Presentation how) {
        StringBuilder out = new StringBuilder();
        for (CrashRecord crash : crashes) {
            append(out, crash, how);
        }
        return out.toString();
    }

    private static void append(StringBuilder out, CrashRecord crash, Presentation how) {
        String head = crash.at() + "  " + crash.instance();
        String rest = "  %s after %s (generation %d, pid %s): %s"
                .formatted(
                        crash.cause(),
                        Quantities.time(crash.uptime().toMillis()),
                        crash.generation(),
                        crash.pid() == 0 ? "none" : Long.toString(crash.pid()),
                        crash.decision());
        line(out, head, rest, how);
        crash.lastLines().forEach(text -> line(out, "", "  | " + text, how));
    }

    private static void line(StringBuilder out, String head, String rest, Presentation how) {
        String whole = Text.clean(head + rest);
        String shown = how.columns() == 0 ? whole : Text.fit(whole, how.columns());
        int bold = Math.min(head.length(), shown.length());
        out.append(head.isEmpty() ? shown : Paint.BOLD.on(shown.substring(0, bold), how) + shown.substring(bold));
        out.append('\n');
    }
}
