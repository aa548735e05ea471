package dev.bunctl.bridge.command;

import java.util.ArrayList;
import java.util.List;

/**
 * One command of the command line.
 *
 * @param name what it is called
 * @param aliases other names, PM2's among them
 * @param runner which client carries it out
 * @param operands what stands behind it in the help, such as {@code NAME|ID|all ...}
 * @param minOperands least operands
 * @param maxOperands most operands
 * @param passesRest whether words behind {@code --} are handed on to the app
 * @param options its options, beside {@code --help}
 * @param summary one short line
 * @param details paragraphs for its own help page
 * @param examples whole command lines
 * @param interpretation makes its request of the words
 * @param travels whether it may be for other nodes of the cluster: what names files or opens doors of a host is for those who are there
 */
public record CommandSpec(
        String name,
        List<String> aliases,
        Runner runner,
        String operands,
        int minOperands,
        int maxOperands,
        boolean passesRest,
        List<OptionSpec> options,
        String summary,
        String details,
        List<String> examples,
        Interpretation interpretation,
        boolean travels) {
    public CommandSpec {
        aliases = List.copyOf(aliases);
        options = List.copyOf(options);
        examples = List.copyOf(examples);
    }

    /** A command for the daemon that is asked alone. */
    CommandSpec(
            String name,
            List<String> aliases,
            Runner runner,
            String operands,
            int minOperands,
            int maxOperands,
            boolean passesRest,
            List<OptionSpec> options,
            String summary,
            String details,
            List<String> examples,
            Interpretation interpretation) {
        this(
                name,
                aliases,
                runner,
                operands,
                minOperands,
                maxOperands,
                passesRest,
                options,
                summary,
                details,
                examples,
                interpretation,
                false);
    }

    /** The same, which may be for other nodes too. */
    CommandSpec travelling() {
        List<OptionSpec> more = new ArrayList<>(options);
        more.add(NodeOptions.OPTION);
        return new CommandSpec(
                name,
                aliases,
                runner,
                operands,
                minOperands,
                maxOperands,
                passesRest,
                more,
                summary,
                details,
                examples,
                interpretation,
                true);
    }

    /** Which client carries a command out. */
    public enum Runner {
        /** The thin client sends the words to the daemon, which parses, does and renders. */
        DAEMON,
        /** The full client, with the caller's rights, folder and environment. */
        FULL
    }

    /** Makes a request of parsed words. */
    public interface Interpretation {
        /**
         * Makes the request.
         *
         * @throws UsageException when a word makes no sense
         */
        Request interpret(Arguments arguments) throws UsageException;
    }

    boolean isCalled(String word) {
        return name.equals(word) || aliases.contains(word);
    }
}
