package dev.bunctl.verticles.internal;

/** Event-bus addresses inside one daemon. They are local and never permitted in a bridge. */
public final class InternalAddresses {
    public static final String PREFIX = "bunctl.internal.";

    /** Takes a {@link dev.bunctl.bridge.message.Command}, replies with an {@link dev.bunctl.bridge.message.Answer}. */
    public static final String CONTROL = PREFIX + "control";

    /** {@link InstanceEvent} of every instance are published here. */
    public static final String EVENTS = PREFIX + "events";

    private InternalAddresses() {}

    /** Takes a {@link SupervisorCommand}, replies with an {@link InstanceSnapshot}. */
    public static String supervisor(String instance) {
        return PREFIX + "supervisor." + instance;
    }
}
