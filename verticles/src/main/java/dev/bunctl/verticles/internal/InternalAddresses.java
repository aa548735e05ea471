package dev.bunctl.verticles.internal;

import dev.bunctl.bridge.message.ClusterCommand;
import dev.bunctl.bridge.message.Command;

/** Event-bus addresses inside one daemon. They are local and never permitted in a bridge. */
public final class InternalAddresses {
    public static final String PREFIX = "bunctl.internal.";

    /** Takes a {@link dev.bunctl.bridge.message.Command}, replies with an {@link dev.bunctl.bridge.message.Answer}. */
    public static final String CONTROL = PREFIX + "control";

    /** As {@link #CONTROL}, for what is kept for a while. */
    public static final String RECENT = PREFIX + "recent";

    /** As {@link #CONTROL}, for the web page. */
    public static final String WEB = PREFIX + "web";

    /** As {@link #CONTROL}, for the other nodes of the cluster; who asks is in the headers. */
    public static final String CLUSTER = PREFIX + "cluster";

    /** {@link InstanceEvent} of every instance are published here. */
    public static final String EVENTS = PREFIX + "events";

    /** {@link dev.bunctl.bridge.message.NodeNews} of every node of the cluster are published here. */
    public static final String NEWS = PREFIX + "news";

    /** {@link NodesWatch} are published here. */
    public static final String WATCH = PREFIX + "watch";

    private InternalAddresses() {}

    /** Who carries out a command. */
    public static String of(Command command) {
        if (command instanceof Command.UsageHistory || command instanceof Command.RecentEvents) {
            return RECENT;
        }
        if (command instanceof ClusterCommand) {
            return CLUSTER;
        }
        return command instanceof Command.Web ? WEB : CONTROL;
    }

    /** Takes a {@link SupervisorCommand}, replies with an {@link InstanceSnapshot}. */
    public static String supervisor(String instance) {
        return PREFIX + "supervisor." + instance;
    }
}
