package dev.bunctl.conf.plan;

import dev.bunctl.conf.AppName;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Program;
import dev.bunctl.conf.field.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What it takes to get from one set of apps to another.
 *
 * @param steps one for each app of either side: the wanted ones in their order, then those to stop by name
 */
public record Plan(List<Step> steps) {
    public Plan {
        steps = List.copyOf(steps);
    }

    /**
     * Compares. The environment inherited from a starter does not count: it changes only when that is asked for.
     *
     * @param running those known to the daemon that the configuration speaks for; others are left out by the caller
     * @param wanted those of the configuration
     */
    public static Plan between(List<AppSpec> running, List<AppSpec> wanted) {
        Map<AppName, AppSpec> left = new HashMap<>();
        running.forEach(spec -> left.put(spec.name(), spec));
        var steps = new ArrayList<Step>();
        for (AppSpec spec : wanted) {
            AppSpec before = left.remove(spec.name());
            steps.add(before == null ? new Step(spec.name(), Step.Action.START, List.of()) : step(before, spec));
        }
        left.keySet().stream().sorted().forEach(name -> steps.add(new Step(name, Step.Action.STOP, List.of())));
        return new Plan(steps);
    }

    /** Whether nothing is to be done. */
    public boolean isEmpty() {
        return steps.stream().allMatch(step -> step.action() == Step.Action.KEEP);
    }

    private static Step step(AppSpec before, AppSpec after) {
        List<Difference> differences = Differences.between(before, after);
        return new Step(after.name(), action(before, after, differences), differences);
    }

    private static Step.Action action(AppSpec before, AppSpec after, List<Difference> differences) {
        if (differences.isEmpty()) {
            return Step.Action.KEEP;
        }
        if (differences.stream().noneMatch(difference -> needsProcesses(difference.change()))) {
            return Step.Action.CHANGE_LIVE;
        }
        return overlaps(before) && overlaps(after) ? Step.Action.RELOAD : Step.Action.RESTART;
    }

    private static boolean needsProcesses(Change change) {
        return switch (change) {
            case IDENTITY, RESTART -> true;
            case SCALE, LIVE, NONE -> false;
        };
    }

    /** Whether old and new processes can listen on one port. */
    private static boolean overlaps(AppSpec spec) {
        return spec.program().engine() != Program.Engine.OTHER
                && spec.instances().sharedPorts();
    }
}
