package dev.bunctl.cli.full;

import dev.bunctl.bridge.message.Answer;
import java.util.ArrayList;
import java.util.List;

/** What a configuration says in vain, told with what the daemon answers. */
final class Warnings {
    private Warnings() {}

    static Answer before(Answer answer, List<String> warnings) {
        if (answer instanceof Answer.Changed changed) {
            return new Answer.Changed(changed.results(), changed.instances(), joined(warnings, changed.warnings()));
        }
        if (answer instanceof Answer.Planned planned) {
            return new Answer.Planned(planned.steps(), joined(warnings, planned.warnings()));
        }
        return answer;
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
