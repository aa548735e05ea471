package dev.bunctl.bridge.message;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.LimitChanges;
import dev.bunctl.conf.Origin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What somebody asks of the daemon, parsed and checked once at the edge. */
public sealed interface Command
        permits Command.Ping,
                Command.Status,
                Command.Describe,
                Command.Start,
                Command.Plan,
                Command.Apply,
                Command.StartKnown,
                Command.Scale,
                Command.SendSignal,
                Command.History,
                Command.UsageHistory,
                Command.RecentEvents,
                Command.Web,
                Command.Stop,
                Command.Restart,
                Command.Reload,
                Command.Delete,
                Command.Reset,
                Command.SetLimits,
                Command.Watch,
                Command.Kill,
                Command.Save,
                Command.Resurrect,
                Command.Update,
                Command.Logs,
                Command.FlushLogs,
                Command.RotateLogs,
                Command.ReloadLogs,
                LogReading,
                AccessCommand,
                ClusterCommand {
    /** The least role that may ask this. */
    Role role();

    /** Who may do what. Each includes those before it. */
    enum Role {
        OBSERVER,
        OPERATOR,
        ADMIN
    }

    /** Answers with {@link Answer.Pong}. */
    record Ping() implements Command {
        @Override
        public Role role() {
            return Role.OBSERVER;
        }
    }

    /** Answers with {@link Answer.Status}: one entry an instance. */
    record Status(Selection selection) implements Command {
        @Override
        public Role role() {
            return Role.OBSERVER;
        }
    }

    /** Answers with {@link Answer.Description}. */
    record Describe(Selection selection) implements Command {
        @Override
        public Role role() {
            return Role.OBSERVER;
        }
    }

    /**
     * Starts apps; those already known by name take the given specification. An app that runs already is left alone and
     * said so. Answers with {@link Answer.Changed}.
     *
     * @param specs what to start
     * @param untilReady whether the answer waits until each instance is ready or has failed
     * @param updateEnvironment whether apps that are known inherit the environment given here from now on, and are restarted
     *     in it; else they keep what they inherited first
     * @param origin the configuration they were read from, or empty
     */
    record Start(List<AppSpec> specs, boolean untilReady, boolean updateEnvironment, Optional<Origin> origin)
            implements Command {
        public Start {
            specs = List.copyOf(specs);
        }

        /** Apps of no configuration; those that are known keep what they inherited first. */
        public Start(List<AppSpec> specs, boolean untilReady) {
            this(specs, untilReady, false, Optional.empty());
        }

        @Override
        public Role role() {
            return Role.ADMIN;
        }
    }

    /** Says what {@link Apply} would do; changes nothing. Answers with {@link Answer.Planned}. */
    record Plan(Configuration configuration) implements Command {
        @Override
        public Role role() {
            return Role.ADMIN;
        }
    }

    /**
     * Makes the apps that were started from a configuration, and those it names, what it says: new ones are started, those
     * it has no more are stopped and forgotten, changed ones are reloaded, restarted or changed as they run. Apps from
     * elsewhere are left alone, and a stopped one stays stopped. Answers with {@link Answer.Changed}.
     *
     * @param untilReady whether the answer waits until each instance is ready or has failed
     */
    record Apply(Configuration configuration, boolean untilReady) implements Command {
        @Override
        public Role role() {
            return Role.ADMIN;
        }
    }

    /** Starts known apps that are stopped. Answers with {@link Answer.Changed}. */
    record StartKnown(Selection selection, boolean untilReady) implements Command {
        @Override
        public Role role() {
            return Role.OPERATOR;
        }
    }

    /**
     * Changes how many instances an app has. New ones run when any other is to run; those with the highest numbers are
     * stopped and forgotten. Answers with {@link Answer.Changed}.
     *
     * @param app its name
     * @param untilReady whether the answer waits until each new instance is ready or has failed
     */
    record Scale(String app, Count count, boolean untilReady) implements Command {
        @Override
        public Role role() {
            return Role.OPERATOR;
        }

        /** How many instances there are to be. */
        public sealed interface Count {
            /** So many. */
            record To(int instances) implements Count {}

            /** So many more, or less. */
            record By(int instances) implements Count {}
        }
    }

    /**
     * Sends a signal to the programs of apps, nothing else. Answers with {@link Answer.Changed}.
     *
     * @param signal by its POSIX name, with or without {@code SIG}
     */
    record SendSignal(Selection selection, String signal) implements Command {
        @Override
        public Role role() {
            return Role.OPERATOR;
        }
    }

    /** All ends that are remembered. Answers with {@link Answer.History}. */
    record History(Selection selection) implements Command {
        @Override
        public Role role() {
            return Role.OBSERVER;
        }
    }

    /**
     * What instances used in the last minutes, as long as that is kept. Answers with {@link Answer.UsageHistory}.
     *
     * @param app its name, or empty for all
     */
    record UsageHistory(Optional<String> app) implements Command {
        @Override
        public Role role() {
            return Role.OBSERVER;
        }
    }

    /** The last changes of instances, as long as they are kept. Answers with {@link Answer.RecentEvents}. */
    record RecentEvents() implements Command {
        @Override
        public Role role() {
            return Role.OBSERVER;
        }
    }

    /**
     * Opens the web page, or closes it, now and for later daemons. Answers with {@link Answer.Web}.
     *
     * @param on whether it is to be open
     * @param address where it listens from now on, or empty to keep that
     * @param port the same; 0 for any free one
     */
    record Web(boolean on, Optional<String> address, OptionalInt port) implements Command {
        @Override
        public Role role() {
            return Role.ADMIN;
        }
    }

    /** Stops apps, which then stay stopped under every policy. Answers with {@link Answer.Changed}. */
    record Stop(Selection selection) implements Command {
        @Override
        public Role role() {
            return Role.OPERATOR;
        }
    }

    /**
     * Stops and starts apps; one that is stopped is started once. Answers with {@link Answer.Changed}.
     *
     * @param parallel how many instances of an app at a time, each batch ready before the next; empty for all at once
     * @param updatedEnvironment the environment to run in from now on ({@code --update-env}), or empty to keep it
     */
    record Restart(
            Selection selection,
            boolean untilReady,
            OptionalInt parallel,
            Optional<Map<String, String>> updatedEnvironment)
            implements Command {
        public Restart {
            updatedEnvironment = updatedEnvironment.map(Map::copyOf);
            parallel.ifPresent(Parallel::check);
        }

        /** The same with an environment to run in from now on. */
        public Restart inEnvironment(Map<String, String> environment) {
            return new Restart(selection, untilReady, parallel, Optional.of(environment));
        }

        /** Who says in which environment programs run, says what they do. */
        @Override
        public Role role() {
            return updatedEnvironment.isPresent() ? Role.ADMIN : Role.OPERATOR;
        }
    }

    /**
     * Replaces processes one instance after the other: the new one comes up beside the old one, which goes only when the
     * new one is ready. Where a new one fails, the old one stays and the instances after it are left alone. An app that
     * is stopped is started. Answers with {@link Answer.Changed}.
     *
     * @param parallel how many instances of an app are replaced at a time
     */
    record Reload(Selection selection, int parallel) implements Command {
        public Reload {
            Parallel.check(parallel);
        }

        /** One instance at a time. */
        public Reload(Selection selection) {
            this(selection, 1);
        }

        @Override
        public Role role() {
            return Role.OPERATOR;
        }
    }

    /** Stops apps and forgets them. Answers with {@link Answer.Changed}. */
    record Delete(Selection selection) implements Command {
        @Override
        public Role role() {
            return Role.ADMIN;
        }
    }

    /** Sets restart counters to zero. Answers with {@link Answer.Changed}. */
    record Reset(Selection selection) implements Command {
        @Override
        public Role role() {
            return Role.OPERATOR;
        }
    }

    /**
     * Changes limits of apps without restarting them, for every instance and for good. Answers with
     * {@link Answer.Changed}.
     */
    record SetLimits(Selection selection, LimitChanges changes) implements Command {
        @Override
        public Role role() {
            return Role.ADMIN;
        }
    }

    /**
     * Restarts apps when their files change, or no more, from now on and for good. An app that names no files is watched in
     * its whole folder. Answers with {@link Answer.Changed}.
     */
    record Watch(Selection selection, boolean on) implements Command {
        @Override
        public Role role() {
            return Role.ADMIN;
        }
    }

    /** Stops every app gracefully and ends the daemon. Answers with {@link Answer.Changed} before it ends. */
    record Kill() implements Command {
        @Override
        public Role role() {
            return Role.ADMIN;
        }
    }

    /** Keeps what is wanted now under a name, in place of what that name held. Answers with {@link Answer.Changed}. */
    record Save(SnapshotName name) implements Command {
        @Override
        public Role role() {
            return Role.ADMIN;
        }
    }

    /**
     * Starts the apps that were to run when the snapshot was made, with the specifications they had; other apps are left
     * alone. Answers with {@link Answer.Changed}.
     */
    record Resurrect(SnapshotName name, boolean untilReady) implements Command {
        @Override
        public Role role() {
            return Role.ADMIN;
        }
    }

    /**
     * Puts another version in the place of guard and daemon; apps run on. Answers with {@link Answer.Pong} of this daemon
     * before it ends.
     *
     * @param program absolute path of the guard to become; the daemon to start lies beside it
     */
    record Update(String program) implements Command {
        public static final int MAX_PATH = 4096;

        public Update {
            if (!program.startsWith("/") || program.length() > MAX_PATH || program.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("an absolute path of at most " + MAX_PATH + " characters");
            }
        }

        @Override
        public Role role() {
            return Role.ADMIN;
        }
    }

    /**
     * Reads logs. A command line has the lines streamed to its session; else, without {@code follow}, the answer is
     * {@link Answer.LogLines}.
     *
     * @param selection whose logs
     * @param query which lines, and how
     */
    record Logs(Selection selection, LogQuery query) implements Command {
        @Override
        public Role role() {
            return Role.OBSERVER;
        }
    }

    /** Empties logs and deletes what was put aside. Answers with {@link Answer.Changed}. */
    record FlushLogs(Selection selection) implements Command {
        @Override
        public Role role() {
            return Role.OPERATOR;
        }
    }

    /** Puts logs aside now, unless they are empty. Answers with {@link Answer.Changed}. */
    record RotateLogs(Selection selection) implements Command {
        @Override
        public Role role() {
            return Role.OPERATOR;
        }
    }

    /** Opens every log anew by its name. Answers with {@link Answer.Changed}. */
    record ReloadLogs() implements Command {
        @Override
        public Role role() {
            return Role.OPERATOR;
        }
    }
}
