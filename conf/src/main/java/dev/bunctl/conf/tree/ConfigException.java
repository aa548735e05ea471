package dev.bunctl.conf.tree;

import java.util.List;

/** A configuration cannot be used. It has at least one problem, none of them a warning, in the order of the text. */
public final class ConfigException extends Exception {
    private final transient List<Problem> problems;

    public ConfigException(List<Problem> problems) {
        super(text(problems));
        this.problems = List.copyOf(problems);
    }

    public ConfigException(Location at, String message, Problem.Sort sort) {
        this(List.of(new Problem(at, message, sort)));
    }

    public static ConfigException invalid(Location at, String message) {
        return new ConfigException(at, message, Problem.Sort.INVALID);
    }

    public static ConfigException notFound(Location at, String message) {
        return new ConfigException(at, message, Problem.Sort.NOT_FOUND);
    }

    private static String text(List<Problem> problems) {
        var text = new StringBuilder();
        for (Problem problem : problems) {
            text.append(text.isEmpty() ? "" : "\n").append(problem);
        }
        return text.toString();
    }

    public List<Problem> problems() {
        return problems;
    }

    /** Whether all that is wrong is that something is missing on this host. */
    public boolean isNotFound() {
        return problems.stream().allMatch(problem -> problem.sort() == Problem.Sort.NOT_FOUND);
    }
}
