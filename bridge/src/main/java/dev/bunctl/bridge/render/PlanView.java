package dev.bunctl.bridge.render;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.conf.plan.Difference;
import dev.bunctl.conf.plan.Step;
import java.util.ArrayList;
import java.util.List;

/** What applying a configuration would do: a line an app, and a line for each further field in which it differs. */
final class PlanView {
    private static final List<String> HEAD = List.of("app", "action", "field", "now", "wanted");
    private static final String NONE = "-";

    private PlanView() {}

    static String render(Answer.Planned planned, Presentation how) {
        List<List<String>> rows = new ArrayList<>();
        for (Step step : planned.steps()) {
            append(step, rows);
        }
        return Columns.render(HEAD, rows, how);
    }

    private static void append(Step step, List<List<String>> rows) {
        String app = step.app().value();
        String action = word(step.action());
        if (step.differences().isEmpty()) {
            rows.add(List.of(app, action));
            return;
        }
        for (Difference difference : step.differences()) {
            rows.add(List.of(app, action, difference.field(), orNone(difference.before()), orNone(difference.after())));
            app = "";
            action = "";
        }
    }

    private static String orNone(String value) {
        return value.isEmpty() ? NONE : value;
    }

    private static String word(Step.Action action) {
        return switch (action) {
            case START -> "start";
            case STOP -> "stop";
            case RELOAD -> "reload";
            case RESTART -> "restart";
            case CHANGE_LIVE -> "change live";
            case KEEP -> "nothing";
        };
    }
}
