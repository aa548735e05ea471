package dev.bunctl.bridge.message;

import dev.bunctl.conf.daemon.MutualTls;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What is asked about the cluster, and of the nodes in it. */
public sealed interface ClusterCommand extends Command {
    /** Answers with {@link Answer.Nodes}. */
    record ShowNodes() implements ClusterCommand {
        @Override
        public Role role() {
            return Role.OBSERVER;
        }
    }

    /**
     * Makes this daemon a node, now and for later daemons. Answers with {@link Answer.Nodes}.
     *
     * @param node what it is called
     * @param join hosts by which others are found
     * @param address of this host, or empty for the one it had
     * @param port of the membership, or empty for the one it had; the one behind it is that of the commands
     * @param tls or empty for what it had
     */
    record Join(String node, List<String> join, Optional<String> address, OptionalInt port, Optional<MutualTls> tls)
            implements ClusterCommand {
        public Join {
            join = List.copyOf(join);
        }

        @Override
        public Role role() {
            return Role.ADMIN;
        }
    }

    /** Takes this daemon out of its cluster, for later daemons too. Answers with {@link Answer.Nodes}. */
    record Leave() implements ClusterCommand {
        @Override
        public Role role() {
            return Role.ADMIN;
        }
    }

    /**
     * Has a command carried out by nodes. Answers with {@link Answer.OfNodes}.
     *
     * @param nodes by name
     * @param command what each of them is asked
     */
    record OnNodes(Selection nodes, Command command) implements ClusterCommand {
        /** @throws IllegalArgumentException when it is about one host alone */
        public OnNodes {
            if (!travels(command)) {
                throw new IllegalArgumentException("this command is not one for other nodes");
            }
        }

        /** What names files or opens doors of a host is for those who are there. */
        private static boolean travels(Command command) {
            return switch (command) {
                case Command.Ping _, Command.Status _, Command.Describe _, Command.History _, Command.Logs _ -> true;
                case Command.UsageHistory _, Command.RecentEvents _ -> true;
                case Command.StartKnown _, Command.Stop _, Command.Restart _, Command.Reload _, Command.Scale _ -> true;
                case Command.SendSignal _, Command.Delete _, Command.Reset _, Command.SetLimits _ -> true;
                case Command.Watch _, Command.FlushLogs _, Command.RotateLogs _, Command.ReloadLogs _ -> true;
                case LogReading _ -> true;
                case Command.Start _, Command.Plan _, Command.Apply _, Command.Web _, Command.Kill _ -> false;
                case Command.Save _, Command.Resurrect _, Command.Update _ -> false;
                case AccessCommand _, ClusterCommand _ -> false;
            };
        }

        @Override
        public Role role() {
            return command.role();
        }
    }
}
