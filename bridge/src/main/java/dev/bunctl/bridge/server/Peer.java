package dev.bunctl.bridge.server;

import dev.bunctl.bridge.message.Command.Role;
import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Optional;

/**
 * Who is at the other end of a connection. It is handed on with every message in headers that begin with
 * {@value #RESERVED}, which clients cannot send.
 */
public sealed interface Peer {
    /** Headers that begin so come from the bridge alone. */
    String RESERVED = "bunctl-";

    /** Holds the connection's id, unique in this daemon. */
    String CONNECTION = RESERVED + "connection";

    private static String header(String name) {
        return RESERVED + "peer-" + name;
    }

    /** What the peer may do. */
    Role role();

    /** Who it is, for the audit log. */
    String describe();

    /** Writes the peer into the headers of a message. */
    void writeTo(MultiMap headers);

    /**
     * A process of this host, as the kernel knows it. The owner of the home may do all, and so may root; others, whom the
     * owner lets open the socket by their group, may look.
     */
    record Local(int uid, int gid, int pid, Role role) implements Peer {
        private static final int ROOT = 0;

        static Local of(int uid, int gid, int pid, int owner) {
            return new Local(uid, gid, pid, uid == owner || uid == ROOT ? Role.ADMIN : Role.OBSERVER);
        }

        @Override
        public String describe() {
            return "uid " + uid + " gid " + gid + " pid " + pid;
        }

        @Override
        public void writeTo(MultiMap headers) {
            headers.set(header("uid"), Integer.toString(uid));
            headers.set(header("gid"), Integer.toString(gid));
            headers.set(header("pid"), Integer.toString(pid));
            headers.set(header("access"), role.name().toLowerCase(Locale.ROOT));
        }
    }

    /** Somebody who showed a token. */
    record Bearer(String name, Role role, String from) implements Peer {
        @Override
        public String describe() {
            return "token " + name + " from " + from;
        }

        @Override
        public void writeTo(MultiMap headers) {
            headers.set(header("name"), name);
            headers.set(header("role"), role.name().toLowerCase(Locale.ROOT));
            headers.set(header("from"), from);
        }
    }

    /**
     * Somebody who asked another node of the cluster.
     *
     * @param user who that node says it was
     * @param role what it may do here
     */
    record Node(String node, String user, Role role) implements Peer {
        @Override
        public String describe() {
            return user + " at node " + node;
        }

        @Override
        public void writeTo(MultiMap headers) {
            headers.set(header("node"), node);
            headers.set(header("user"), user);
            headers.set(header("access"), role.name().toLowerCase(Locale.ROOT));
        }
    }

    /** Reads the peer from the headers of a message; empty when it did not come through a bridge. */
    static Optional<Peer> readFrom(MultiMap headers) {
        String role = headers.get(header("role"));
        if (role != null) {
            return Optional.of(new Bearer(
                    headers.get(header("name")),
                    Role.valueOf(role.toUpperCase(Locale.ROOT)),
                    headers.get(header("from"))));
        }
        String node = headers.get(header("node"));
        if (node != null) {
            return Optional.of(new Node(
                    node,
                    headers.get(header("user")),
                    Role.valueOf(headers.get(header("access")).toUpperCase(Locale.ROOT))));
        }
        String uid = headers.get(header("uid"));
        if (uid == null) {
            return Optional.empty();
        }
        return Optional.of(new Local(
                Integer.parseInt(uid),
                Integer.parseInt(headers.get(header("gid"))),
                Integer.parseInt(headers.get(header("pid"))),
                Role.valueOf(headers.get(header("access")).toUpperCase(Locale.ROOT))));
    }
}
