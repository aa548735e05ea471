package dev.bunctl.bridge.command;

import java.util.List;

/** The help texts, at most {@value #WIDTH} columns wide. */
public final class Help {
    /** Columns that no line passes. */
    public static final int WIDTH = 80;

    private static final int SUMMARY_COLUMN = 16;
    private static final int OPTION_COLUMN = 28;

    private Help() {}

    /** All commands. */
    public static String overall() {
        StringBuilder out = new StringBuilder(2048);
        out.append("bunctl keeps Bun, Node and other programs running.\n\nUsage: bunctl COMMAND [NAMES] [OPTIONS]\n\n");
        for (CommandSpec command : CommandTable.all()) {
            appendRow(out, "  " + command.name(), SUMMARY_COLUMN, command.summary() + aliases(command));
        }
        out.append("\nApps are named by name (api), instance (api:1), id (3), or all.\n");
        out.append("'bunctl --system COMMAND' asks the daemon of the host, in /var/lib/bunctl.\n");
        out.append("'bunctl help COMMAND' says more about one.\n");
        out.append("\nFor another host: ").append(RemoteHost.USAGE).append('\n');
        RemoteHost.OPTIONS.forEach(
                option -> appendRow(out, "  " + option.synopsis().strip(), OPTION_COLUMN, option.help()));
        return out.toString();
    }

    /** One command. */
    public static String of(CommandSpec command) {
        StringBuilder out = new StringBuilder(2048);
        out.append("Usage: ").append(usage(command)).append("\n\n");
        wrap(out, command.details(), 0);
        if (!aliases(command).isEmpty()) {
            out.append("\nAlso called: ")
                    .append(String.join(", ", command.aliases()))
                    .append('\n');
        }
        out.append("\nOptions:\n");
        for (OptionSpec option : command.options()) {
            appendRow(out, "  " + option.synopsis(), OPTION_COLUMN, option.help());
        }
        appendRow(out, "  -h, --help", OPTION_COLUMN, "print this help");
        out.append("\nExamples:\n");
        command.examples().forEach(example -> out.append("  ").append(example).append('\n'));
        return out.toString();
    }

    /** {@code bunctl stop NAME|ID|all ... [OPTIONS]}. */
    static String usage(CommandSpec command) {
        String operands = command.operands().isEmpty() ? "" : " " + command.operands();
        String options = command.options().isEmpty() ? "" : " [OPTIONS]";
        return "bunctl " + command.name() + operands + options + (command.passesRest() ? " [-- ARGUMENTS]" : "");
    }

    private static String aliases(CommandSpec command) {
        List<String> words =
                command.aliases().stream().filter(alias -> alias.length() > 1).toList();
        return words.isEmpty() ? "" : " (" + String.join(", ", words) + ")";
    }

    private static void appendRow(StringBuilder out, String label, int column, String text) {
        out.append(label);
        if (label.length() >= column - 1) {
            out.append('\n').repeat(' ', column);
        } else {
            out.repeat(' ', column - label.length());
        }
        wrap(out, text, column);
    }

    /** Writes words into lines; the first one begins where {@code out} stands, at column {@code indent}. */
    private static void wrap(StringBuilder out, String text, int indent) {
        int column = indent;
        for (String word : text.split(" ")) {
            if (column + word.length() + 1 > WIDTH && column > indent) {
                out.append('\n').repeat(' ', indent);
                column = indent;
            }
            if (column > indent) {
                out.append(' ');
                column++;
            }
            out.append(word);
            column += word.length();
        }
        out.append('\n');
    }
}
