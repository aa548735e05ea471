package dev.bunctl.bridge.command;

import dev.bunctl.bridge.message.AccessCommand;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.LogQuery;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.bridge.message.SnapshotName;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What a command line asks for. */
public sealed interface Request {
    /**
     * Something the daemon is asked.
     *
     * @param command a restart with {@code updateEnvironment} still lacks the environment, which only the client knows
     * @param json whether the answer is shown as JSON
     * @param updateEnvironment whether {@code --update-env} was given
     */
    record Ask(Command command, boolean json, boolean updateEnvironment) implements Request {}

    /** What only the full client can do, with the rights, the folder and the environment of its caller. */
    sealed interface Local extends Request {}

    /**
     * {@code start}: what is to be started is decided by the full client.
     *
     * @param targets scripts, known apps, apps of a configuration, or {@code all}; empty for all of the one found
     * @param name of the app that is made
     * @param script of the app that is made
     * @param command of the app that is made, in one string
     * @param instances a number, {@code max} or a negative number as the user wrote it
     * @param environment overlaid on that of each app
     * @param environmentName whose {@code env_<name>} is taken
     * @param directory working directory as the user wrote it
     * @param maxMemory as the user wrote it
     * @param maxCpu as the user wrote it, in percent of one core
     * @param config the configuration's path as the user wrote it
     * @param only names of apps of the configuration; empty for all
     * @param untilReady false for {@code --no-wait}
     * @param updateEnvironment whether known apps take the caller's environment
     * @param json whether the answer is shown as JSON
     * @param arguments handed on to the program
     */
    record Start(
            List<String> targets,
            Optional<String> name,
            Optional<String> script,
            Optional<String> command,
            Optional<String> instances,
            Map<String, String> environment,
            Optional<String> environmentName,
            Optional<String> directory,
            Optional<String> maxMemory,
            Optional<String> maxCpu,
            Optional<String> config,
            List<String> only,
            boolean untilReady,
            boolean updateEnvironment,
            boolean json,
            List<String> arguments)
            implements Local {
        public Start {
            targets = List.copyOf(targets);
            environment = Map.copyOf(environment);
            only = List.copyOf(only);
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * {@code run}: apps in the foreground.
     *
     * @param start what is run; whether it waits for readiness does not matter
     * @param output how lines are printed; empty for the way that fits
     * @param restart {@code always}, {@code on-failure} or {@code no} for every app
     */
    record Run(Start start, Optional<RunOutput> output, Optional<String> restart) implements Local {}

    /**
     * {@code init}: writes a first configuration.
     *
     * @param values by long option, {@code entry} for example, as the user wrote them
     * @param from the configuration whose apps are taken over
     * @param format as the user wrote it, or empty
     * @param ecosystem whether the file is called as PM2 calls it
     * @param yes whether nothing is asked
     * @param force whether a file that is there is replaced
     * @param json whether the outcome is shown as JSON
     */
    record Init(
            Map<String, String> values,
            Optional<String> from,
            String format,
            boolean ecosystem,
            boolean yes,
            boolean force,
            boolean json)
            implements Local {
        public Init {
            values = Map.copyOf(values);
        }
    }

    /**
     * {@code validate}: reads and resolves configurations, starts nothing.
     *
     * @param files as the user wrote them; empty for the one that is found
     */
    record Validate(List<String> files, Optional<String> environmentName, boolean json) implements Local {
        public Validate {
            files = List.copyOf(files);
        }
    }

    /**
     * {@code config}: shows what a configuration comes to.
     *
     * @param explain whether with the place of each value
     */
    record ShowConfig(ConfigChoice choice, boolean explain, boolean json) implements Local {}

    /**
     * {@code plan}: shows what {@link Apply} would do.
     *
     * @param exitCode whether the exit code says that something would be done
     */
    record Plan(ConfigChoice choice, boolean exitCode, boolean json) implements Local {}

    /**
     * {@code apply}: makes what is running what the configuration says.
     *
     * @param untilReady false for {@code --no-wait}
     */
    record Apply(ConfigChoice choice, boolean untilReady, boolean json) implements Local {}

    /** {@code config --schema}. */
    record ShowSchema() implements Local {}

    /**
     * {@code logs}.
     *
     * @param query what is asked, but for its times
     * @param since as the user wrote it
     * @param until as the user wrote it
     * @param nodes of the cluster whose logs are meant, or empty for those of this daemon
     */
    record ReadLogs(
            Selection selection,
            LogQuery query,
            Optional<TimeWord> since,
            Optional<TimeWord> until,
            LogView view,
            Optional<Selection> nodes)
            implements Request {
        ReadLogs at(Selection nodes) {
            return new ReadLogs(selection, query, since, until, view, Optional.of(nodes));
        }

        /** What is asked, by a reader in that zone at that time. */
        public Command.Logs command(Instant now, ZoneId zone) {
            return new Command.Logs(
                    selection,
                    new LogQuery(
                            query.lines(),
                            query.follow(),
                            query.stdout(),
                            query.stderr(),
                            since.map(time -> time.resolve(now, zone)),
                            until.map(time -> time.resolve(now, zone)),
                            query.pattern()));
        }
    }

    /** What is done to bunctl's own place on this host. */
    sealed interface OnHost extends Local {
        /** Whether the outcome is shown as JSON. */
        boolean json();
    }

    /** {@code doctor}: looks at the host and the home; needs no daemon. */
    record Doctor(boolean json) implements OnHost {}

    /** {@code save}: keeps what is wanted under a name. */
    record Save(SnapshotName name, boolean json) implements OnHost {}

    /** {@code resurrect}: starts what a snapshot holds, and the daemon for it. */
    record Resurrect(SnapshotName name, boolean untilReady, boolean json) implements OnHost {}

    /** {@code update}: puts this version in the place of the one that runs. */
    record Update(boolean json) implements OnHost {}

    /**
     * {@code startup} and {@code unstartup}.
     *
     * @param install whether the service is to be, or to be no more
     * @param system whether for the host or for the user; empty for the host when root asks
     */
    record Startup(boolean install, Optional<Boolean> system, boolean dryRun, boolean json) implements OnHost {}

    /**
     * {@code web}: opens or closes the web page.
     *
     * @param show whether in the browser of this host
     */
    record Web(Command.Web command, boolean show, boolean json) implements OnHost {}

    /** {@code token} and what of {@code listen} needs no files. */
    record Access(AccessCommand command, boolean json) implements OnHost {}

    /**
     * {@code cluster enable}: makes this daemon a node.
     *
     * @param join hosts by which the others are found
     * @param files certificate, key and authority as the user named them, or none
     */
    record JoinCluster(
            String node,
            List<String> join,
            Optional<String> address,
            OptionalInt port,
            Optional<NodeFiles> files,
            boolean json)
            implements OnHost {
        public JoinCluster {
            join = List.copyOf(join);
        }
    }

    /** PEM files as the user named them. */
    record NodeFiles(String certificate, String key, String authority) {}

    /** {@code cluster disable}. */
    record LeaveCluster(boolean json) implements OnHost {}

    /**
     * {@code listen}: opens the bridge for other hosts.
     *
     * @param encryption empty for what it was
     * @param clientAuthority a file as the user named it; goes with an encryption
     */
    record Listen(
            Optional<String> address,
            OptionalInt port,
            Optional<Encryption> encryption,
            Optional<String> clientAuthority,
            boolean json)
            implements OnHost {}

    /** What a listener shows; files as the user named them. */
    sealed interface Encryption {
        /** A certificate that bunctl makes. */
        record Own() implements Encryption {}

        /** Given files. */
        record Files(String chain, String key) implements Encryption {}

        /** Nothing: connections are not encrypted. */
        record None() implements Encryption {}
    }

    /** {@code daemon}: runs the daemon in the foreground. */
    record RunDaemon() implements Local {}

    /** The help of one command, or of all. */
    record ShowHelp(Optional<CommandSpec> command) implements Request {}

    /** The version. */
    record ShowVersion() implements Request {}

    /** A completion script. */
    record ShowCompletion(Completion.Shell shell) implements Request {}

    /** The command line makes no sense; exit code 2. */
    record Rejected(String message, Optional<String> hint) implements Request {}
}
