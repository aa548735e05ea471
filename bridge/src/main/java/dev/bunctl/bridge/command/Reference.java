package dev.bunctl.bridge.command;

import dev.bunctl.bridge.message.ErrorCode;
import java.util.Locale;

/** The reference of the command line as Markdown: docs/commands.md, which a test compares with this. */
public final class Reference {
    private Reference() {}

    public static String markdown() {
        StringBuilder out = new StringBuilder(8192);
        out.append("# Commands\n\nMade from the command table; to change it, change the table.\n\n");
        out.append("Apps are named by name (`api`), instance (`api:1`), id (`3`), or `all`;"
                + " those of another node of the cluster as `NODE/api`. stdout is data, stderr is talk.\n");
        CommandTable.all().forEach(command -> append(out, command));
        out.append("\n## For another host\n\n```\n").append(RemoteHost.USAGE).append("\n```\n\n");
        out.append(RemoteHost.ABOUT).append("\n\n| option | |\n|---|---|\n");
        RemoteHost.OPTIONS.forEach(option -> append(out, option));
        appendExitCodes(out);
        return out.toString();
    }

    private static void append(StringBuilder out, CommandSpec command) {
        out.append("\n## ").append(command.name()).append("\n\n```\n");
        out.append(Help.usage(command))
                .append("\n```\n\n")
                .append(command.details())
                .append('\n');
        if (!command.aliases().isEmpty()) {
            out.append("\nAlso called `")
                    .append(String.join("`, `", command.aliases()))
                    .append("`.\n");
        }
        if (!command.options().isEmpty()) {
            out.append("\n| option | |\n|---|---|\n");
            command.options().forEach(option -> append(out, option));
        }
        out.append("\n```\n");
        command.examples().forEach(example -> out.append(example).append('\n'));
        out.append("```\n");
    }

    private static void append(StringBuilder out, OptionSpec option) {
        out.append("| `")
                .append(option.synopsis().strip().replace("|", "\\|"))
                .append("` | ")
                .append(option.help());
        out.append(" |\n");
    }

    private static void appendExitCodes(StringBuilder out) {
        out.append("\n## Exit codes\n\n| code | |\n|---|---|\n| 0 | done |\n");
        for (ErrorCode code : ErrorCode.values()) {
            out.append("| ").append(code.exitCode()).append(" | ");
            out.append(code.name().toLowerCase(Locale.ROOT).replace('_', ' ')).append(" |\n");
        }
    }
}
