package dev.bunctl.bridge.command;

import java.util.Locale;
import java.util.stream.Collectors;

/** Completion scripts, made from the command table. */
public final class Completion {
    private Completion() {}

    /** Shells that scripts are made for. */
    public enum Shell {
        BASH,
        ZSH,
        FISH;

        String wordName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The script for one shell. */
    public static String script(Shell shell) {
        return switch (shell) {
            case BASH -> bash();
            case ZSH -> zsh();
            case FISH -> fish();
        };
    }

    private static String bash() {
        StringBuilder out = new StringBuilder(4096);
        out.append("_bunctl() {\n");
        out.append("  local word=\"${COMP_WORDS[COMP_CWORD]}\" options=\"\"\n");
        out.append("  if [ \"$COMP_CWORD\" -eq 1 ]; then\n");
        out.append("    COMPREPLY=($(compgen -W \"").append(names()).append("\" -- \"$word\"))\n");
        out.append("    return\n  fi\n");
        out.append("  case \"${COMP_WORDS[1]}\" in\n");
        for (CommandSpec command : CommandTable.all()) {
            out.append("    ").append(pattern(command)).append(") options=\"");
            out.append(options(command)).append("\" ;;\n");
        }
        out.append("  esac\n");
        out.append("  case \"$word\" in\n");
        out.append("    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n");
        out.append("    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n");
        out.append("  esac\n}\n");
        out.append("complete -o filenames -F _bunctl bunctl\n");
        return out.toString();
    }

    private static String zsh() {
        StringBuilder out = new StringBuilder(4096);
        out.append("#compdef bunctl\n_bunctl() {\n");
        out.append("  local -a commands options\n  commands=(\n");
        for (CommandSpec command : CommandTable.all()) {
            out.append("    ")
                    .append(quoted(command.name() + ":" + command.summary()))
                    .append('\n');
        }
        out.append("  )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n    return\n  fi\n");
        out.append("  case \"$words[2]\" in\n");
        for (CommandSpec command : CommandTable.all()) {
            out.append("    ").append(pattern(command)).append(") options=(");
            out.append(command.options().stream()
                    .map(option -> quoted("--" + option.name() + ":" + option.help()))
                    .collect(Collectors.joining(" ")));
            out.append(") ;;\n");
        }
        out.append("  esac\n");
        out.append(
                "  if [[ \"$words[CURRENT]\" == -* ]]; then\n    _describe option options\n  else\n    _files\n  fi\n}\n");
        out.append("compdef _bunctl bunctl\n");
        return out.toString();
    }

    private static String fish() {
        StringBuilder out = new StringBuilder(4096);
        for (CommandSpec command : CommandTable.all()) {
            out.append("complete -c bunctl -n __fish_use_subcommand -f -a ").append(command.name());
            out.append(" -d ").append(quoted(command.summary())).append('\n');
            for (OptionSpec option : command.options()) {
                out.append("complete -c bunctl -n '__fish_seen_subcommand_from ")
                        .append(pattern(command).replace('|', ' '))
                        .append("' -l ")
                        .append(option.name());
                if (!option.shortName().isEmpty()) {
                    out.append(" -s ").append(option.shortName());
                }
                out.append(option.takesValue() ? " -r" : "").append(" -d ");
                out.append(quoted(option.help())).append('\n');
            }
        }
        return out.toString();
    }

    private static String names() {
        return CommandTable.all().stream().map(CommandSpec::name).collect(Collectors.joining(" "));
    }

    private static String pattern(CommandSpec command) {
        StringBuilder out = new StringBuilder(command.name());
        command.aliases().stream()
                .filter(alias -> !alias.startsWith("-"))
                .forEach(alias -> out.append('|').append(alias));
        return out.toString();
    }

    private static String options(CommandSpec command) {
        return command.options().stream().map(option -> "--" + option.name()).collect(Collectors.joining(" "))
                + (command.options().isEmpty() ? "--help" : " --help");
    }

    /** In single quotes, as all three shells read them. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
