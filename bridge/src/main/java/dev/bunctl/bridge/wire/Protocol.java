package dev.bunctl.bridge.wire;

/**
 * The words of the public protocol: the framing of the Vert.x TCP event-bus bridge, and the addresses on it. See
 * docs/event-bus-api.md.
 */
public final class Protocol {
    /** Version of every body on the public addresses. */
    public static final int VERSION = 1;

    /** Prefix of every public address. */
    public static final String PREFIX = "bunctl.v1.";

    /** Takes a command line; the reply carries the exit code. */
    public static final String ARGV = PREFIX + "argv";

    /** Takes one typed command; the reply is the answer. */
    public static final String COMMAND = PREFIX + "command";

    /** Takes credit, input, a new size or a cancel for a session. */
    public static final String INPUT = PREFIX + "input";

    /** Takes the token of a TCP client, in its first frame. */
    public static final String LOGIN = PREFIX + "login";

    /** Every change of every instance is published here. */
    public static final String EVENTS = PREFIX + "events";

    /** What every instance does and uses is published here, while somebody is registered there. */
    public static final String METRICS = PREFIX + "metrics";

    /** What is new of the nodes of the cluster is published here. */
    public static final String NODES = PREFIX + "nodes";

    /** What an app writes is published at this and its name, while somebody is registered there. */
    public static final String LOGS_PREFIX = PREFIX + "logs.";

    /** A session's own address is this and its id. */
    public static final String SESSION_PREFIX = PREFIX + "session.";

    /** A session's id is this many lower-case hexadecimal digits, chosen at random by the client. */
    public static final int SESSION_ID_LENGTH = 32;

    /** Bytes of text that may be sent to a session before it grants more. */
    public static final int INITIAL_CREDIT = 262_144;

    /** Largest frame body that either side takes, in bytes. */
    public static final int MAX_FRAME = 8 << 20;

    /** Bytes of the length in front of each frame. */
    public static final int HEADER_BYTES = 4;

    private Protocol() {}
}
