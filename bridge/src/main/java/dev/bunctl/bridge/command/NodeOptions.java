package dev.bunctl.bridge.command;

import dev.bunctl.bridge.message.ClusterCommand.OnNodes;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.conf.daemon.ClusterSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** By what words a command is for other nodes of the cluster: {@code --nodes}, or {@code NODE/APP} for an app. */
final class NodeOptions {
    static final String NODES = "nodes";

    private static final String ALL = "all";
    static final OptionSpec OPTION =
            OptionSpec.value(NODES, "", "all|NODE,...", "for these nodes of the cluster, instead of this one");

    /** Commands whose words are not all names of apps. */
    private static final Set<String> WITH_OTHER_WORDS = Set.of("scale", "signal");

    private NodeOptions() {}

    static Request interpret(CommandSpec command, Arguments arguments) throws UsageException {
        boolean travels = command.travels();
        boolean isStart = command.name().equals("start");
        Arguments sorted = travels && !isStart ? withoutPrefixes(command, arguments) : arguments;
        if (!travels || !sorted.has(NODES)) {
            return command.interpretation().interpret(sorted);
        }
        Selection nodes = nodes(sorted.value(NODES).orElseThrow());
        if (isStart) {
            return new Request.Ask(new OnNodes(nodes, started(sorted)), sorted.has("json"), false);
        }
        if (sorted.has("update-env")) {
            throw new UsageException("--update-env is for this node: another one has another environment");
        }
        return switch (command.interpretation().interpret(sorted)) {
            case Request.Ask(Command asked, boolean json, var _) ->
                new Request.Ask(new OnNodes(nodes, asked), json, false);
            case Request.ReadLogs read -> read.at(nodes);
            case Request other -> new Request.Rejected("this command is not one for other nodes", Optional.empty());
        };
    }

    /** Files lie on this host, so only what the nodes know can be started there. */
    private static Command started(Arguments arguments) throws UsageException {
        Set<String> allowed = Set.of(NODES, "no-wait", "json");
        if (!allowed.containsAll(arguments.options().keySet())
                || !arguments.rest().isEmpty()) {
            throw new UsageException(
                    "with --nodes, start takes names of apps that are known there, --no-wait and --json");
        }
        if (arguments.operands().isEmpty()) {
            throw new UsageException("with --nodes, start needs names of apps, or all");
        }
        return new Command.StartKnown(Interpretations.selection(arguments), !arguments.has("no-wait"));
    }

    /** Takes {@code NODE/} off the names of apps, which themselves hold no slash. */
    private static Arguments withoutPrefixes(CommandSpec command, Arguments arguments) throws UsageException {
        Set<String> nodes = new LinkedHashSet<>();
        List<String> words = new ArrayList<>();
        int prefixed = 0;
        for (String word : arguments.operands()) {
            int slash = word.indexOf('/');
            if (slash > 0 && !ClusterSettings.isName(word.substring(0, slash))) {
                slash = -1; // no node: the name of no app either, as the daemon will say
            }
            if (slash > 0) {
                nodes.add(word.substring(0, slash));
                prefixed++;
            }
            words.add(slash > 0 ? word.substring(slash + 1) : word);
        }
        if (nodes.isEmpty()) {
            return arguments;
        }
        boolean mixed = prefixed < words.size() && !WITH_OTHER_WORDS.contains(command.name());
        if (nodes.size() > 1 || mixed || arguments.has(NODES)) {
            throw new UsageException("NODE/APP of one node at a time", "for several nodes: APP --nodes NODE,NODE");
        }
        Map<String, List<String>> options = new LinkedHashMap<>(arguments.options());
        options.put(NODES, List.copyOf(nodes));
        return new Arguments(words, options, arguments.rest(), arguments.stdoutIsTerminal());
    }

    private static Selection nodes(String text) throws UsageException {
        if (text.equals(ALL)) {
            return new Selection.All();
        }
        List<String> names = List.of(text.split(",", -1));
        for (String name : names) {
            if (!ClusterSettings.isName(name)) {
                throw new UsageException(
                        "no node can be called '" + name + "'", "'bunctl nodes' shows those there are");
            }
        }
        return new Selection.Named(names.stream().distinct().toList());
    }
}
