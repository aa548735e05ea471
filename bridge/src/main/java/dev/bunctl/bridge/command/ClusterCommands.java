package dev.bunctl.bridge.command;

import dev.bunctl.bridge.command.CommandSpec.Runner;
import dev.bunctl.bridge.message.ClusterCommand;
import dev.bunctl.conf.daemon.ClusterSettings;
import dev.bunctl.conf.daemon.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The commands about the cluster. */
final class ClusterCommands {
    private static final String ENABLE = "enable";
    private static final String DISABLE = "disable";
    private static final String NODE = "node";
    private static final String JOIN = "join";
    private static final String INTERFACE = "interface";
    private static final String PORT = "port";
    private static final String CERT = "cert";
    private static final String KEY = "key";
    private static final String AUTHORITY = "ca";

    private ClusterCommands() {}

    static CommandSpec cluster() {
        return new CommandSpec(
                "cluster",
                List.of(),
                Runner.FULL,
                "enable|disable",
                1,
                1,
                false,
                List.of(
                        OptionSpec.value(NODE, "", "NAME", "what this node is called, as no other"),
                        OptionSpec.value(
                                JOIN, "", "HOST[,HOST...]", "hosts, or HOST:PORT, by which the others are found"),
                        OptionSpec.value(
                                INTERFACE, "", "ADDRESS", "the IP address of this host for it; 127.0.0.1 at first"),
                        OptionSpec.value(PORT, "", "PORT", "9617 at first; the one behind it is taken as well"),
                        OptionSpec.value(CERT, "", "FILE", "this node's certificate, in PEM"),
                        OptionSpec.value(KEY, "", "FILE", "its private key, in PEM (PKCS #8)"),
                        OptionSpec.value(AUTHORITY, "", "FILE", "who has signed the certificates of all nodes, in PEM"),
                        CommandTable.JSON),
                "make this daemon a node of a cluster, or end that",
                "enable makes this daemon a node, now and for later daemons of this home: each node then sees the apps of"
                        + " all and carries out what is asked at another, as far as the role for other nodes goes"
                        + " (daemon.json, operator at first). Each goes on looking after its own apps, whatever happens to"
                        + " the others. Off loopback, nodes know each other by certificates that one authority has"
                        + " signed. docs/many-hosts.md has a recipe, and what a firewall must keep out.",
                List.of("bunctl cluster enable --node alpha --join 127.0.0.1:9627", "bunctl cluster disable"),
                ClusterCommands::cluster);
    }

    static CommandSpec nodes() {
        return new CommandSpec(
                "nodes",
                List.of(),
                Runner.DAEMON,
                "",
                0,
                0,
                false,
                List.of(CommandTable.JSON),
                "show the nodes of the cluster",
                "Prints one line a node: whether it can be reached, or since when not, its version, and how many of its"
                        + " instances are online. Ends with exit code 13 when this daemon is not in the cluster that it is"
                        + " to be in.",
                List.of("bunctl nodes --json"),
                arguments -> Interpretations.ask(new ClusterCommand.ShowNodes(), arguments));
    }

    private static Request cluster(Arguments arguments) throws UsageException {
        String verb = arguments.operands().getFirst();
        boolean json = arguments.has("json");
        if (verb.equals(DISABLE)) {
            if (arguments.options().size() > (json ? 1 : 0)) {
                throw new UsageException("disable goes with no option but --json");
            }
            return new Request.LeaveCluster(json);
        }
        if (!verb.equals(ENABLE)) {
            throw new UsageException("cluster takes enable or disable, not '" + verb + "'");
        }
        String node = needed(arguments, NODE);
        if (!ClusterSettings.isName(node)) {
            throw new UsageException("--node takes 1 to 63 letters, digits, - and _, and not 'all'");
        }
        return new Request.JoinCluster(
                node,
                List.of(needed(arguments, JOIN).split(",", -1)),
                arguments.value(INTERFACE),
                arguments.has(PORT)
                        ? OptionalInt.of(arguments.number(PORT, 0, 1, Endpoint.MAX_PORT - 1))
                        : OptionalInt.empty(),
                files(arguments),
                json);
    }

    private static String needed(Arguments arguments, String option) throws UsageException {
        Optional<String> value = arguments.value(option);
        if (value.isEmpty()) {
            throw new UsageException("enable needs --node NAME and --join HOST[,HOST...]");
        }
        return value.get();
    }

    private static Optional<Request.NodeFiles> files(Arguments arguments) throws UsageException {
        Optional<String> certificate = arguments.value(CERT);
        Optional<String> key = arguments.value(KEY);
        Optional<String> authority = arguments.value(AUTHORITY);
        if (certificate.isPresent() && key.isPresent() && authority.isPresent()) {
            return Optional.of(new Request.NodeFiles(certificate.get(), key.get(), authority.get()));
        }
        if (certificate.isPresent() || key.isPresent() || authority.isPresent()) {
            throw new UsageException("--cert, --key and --ca go together");
        }
        return Optional.empty();
    }
}
