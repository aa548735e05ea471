package dev.bunctl.cli.e2e;

import dev.bunctl.bridge.preload.FreePorts;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Where the nodes of a test are. */
interface NodeNetwork extends AutoCloseable {
    /** Hosts of their own where this process may make such; else ports of this host. {@code -Dbunctl.loopback=true} takes these. */
    static NodeNetwork open(int hosts) throws IOException {
        return !Boolean.getBoolean("bunctl.loopback") && NamespaceNetwork.isPossible()
                ? new NamespaceNetwork()
                : new Loopback(FreePorts.several(2 * hosts));
    }

    /** Adds a host; the first is 1. */
    int add();

    /** What a host is called among those to join. */
    String member(int host);

    /** The members of the settings that say where a node is. */
    Map<String, Object> endpoint(int host);

    /** Words before a command that is to run at a host. */
    List<String> at(int host);

    /** Whether a host can be cut off from the others. */
    boolean canCut();

    void cut(int host);

    void mend(int host);

    @Override
    void close();

    /** Nodes side by side on 127.0.0.1: each can be killed and paused, but not cut off. */
    final class Loopback implements NodeNetwork {
        private final int ports;
        private int hosts;

        /** @param ports the first of two for each host */
        Loopback(int ports) {
            this.ports = ports;
        }

        private int port(int host) {
            return ports + 2 * (host - 1);
        }

        @Override
        public int add() {
            return ++hosts;
        }

        @Override
        public String member(int host) {
            return "127.0.0.1:" + port(host);
        }

        @Override
        public Map<String, Object> endpoint(int host) {
            return Map.of("port", (long) port(host));
        }

        @Override
        public List<String> at(int host) {
            return List.of();
        }

        @Override
        public boolean canCut() {
            return false;
        }

        @Override
        public void cut(int host) {
            throw new UnsupportedOperationException("hosts on loopback cannot be cut off");
        }

        @Override
        public void mend(int host) {
            throw new UnsupportedOperationException("hosts on loopback cannot be cut off");
        }

        @Override
        public void close() {}
    }
}
