package dev.bunctl.conf.tree;

import java.util.ArrayList;
import java.util.List;

/** Gathers problems so that several are told at once. Not for several threads. */
public final class Problems {
    /** Problems beyond these are counted, not kept. */
    public static final int MAX = 20;

    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private int unsaid;

    public void invalid(Location at, String message) {
        add(new Problem(at, message, Problem.Sort.INVALID));
    }

    public void mismatch(Location at, Problem.Mismatch mismatch) {
        add(mismatch.at(at));
    }

    public void notFound(Location at, String message) {
        add(new Problem(at, message, Problem.Sort.NOT_FOUND));
    }

    public void warning(Location at, String message) {
        add(new Problem(at, message, Problem.Sort.WARNING));
    }

    /** Takes over all problems of an exception. */
    public void add(ConfigException exception) {
        exception.problems().forEach(this::add);
    }

    private void add(Problem problem) {
        if (problem.sort() == Problem.Sort.WARNING) {
            if (warnings.size() < MAX) {
                warnings.add(problem);
            }
        } else if (errors.size() < MAX) {
            errors.add(problem);
        } else {
            unsaid++;
        }
    }

    public boolean isEmpty() {
        return errors.isEmpty();
    }

    /** How many errors there are, those not kept included. */
    public int count() {
        return errors.size() + unsaid;
    }

    public List<Problem> warnings() {
        return List.copyOf(warnings);
    }

    /** Throws when there is any error. */
    public void refuse() throws ConfigException {
        if (errors.isEmpty()) {
            return;
        }
        var all = new ArrayList<>(errors);
        if (unsaid > 0) {
            Problem last = errors.getLast();
            all.add(new Problem(last.at(), "and " + unsaid + " more problems after this one", last.sort()));
        }
        throw new ConfigException(all);
    }
}
