package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Hosts of their own, as far as the network goes: a network namespace each, joined by a bridge in one more. Needs root; nothing of it
 * can be seen from the host's own network.
 */
final class NamespaceNetwork implements NodeNetwork {
    private static final long PATIENCE_SECONDS = 30;

    private final String hub = "bn" + ProcessHandle.current().pid() + "h";
    private final List<String> hosts = new ArrayList<>();

    NamespaceNetwork() {
        ip("netns", "add", hub);
        inside(hub, "link", "add", "br0", "type", "bridge");
        inside(hub, "link", "set", "br0", "up");
    }

    /** Whether this process may make such networks. */
    static boolean isPossible() {
        String name = "bn" + ProcessHandle.current().pid() + "p";
        boolean made = run("ip", "netns", "add", name) == 0;
        if (made) {
            ip("netns", "delete", name);
        }
        return made;
    }

    @Override
    public int add() {
        int number = hosts.size() + 1;
        String host = hub.substring(0, hub.length() - 1) + number;
        String link = "v" + number;
        ip("netns", "add", host);
        hosts.add(host);
        inside(hub, "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", host);
        inside(hub, "link", "set", link, "master", "br0", "up");
        inside(host, "address", "add", address(number) + "/24", "dev", "eth0");
        inside(host, "link", "set", "eth0", "up");
        inside(host, "link", "set", "lo", "up");
        return number;
    }

    private static String address(int host) {
        return "10.213.7." + host;
    }

    @Override
    public String member(int host) {
        return address(host);
    }

    @Override
    public Map<String, Object> endpoint(int host) {
        return Map.of("address", address(host));
    }

    @Override
    public List<String> at(int host) {
        return List.of("ip", "netns", "exec", hosts.get(host - 1));
    }

    @Override
    public boolean canCut() {
        return true;
    }

    @Override
    public void cut(int host) {
        inside(hub, "link", "set", "v" + host, "down");
    }

    @Override
    public void mend(int host) {
        inside(hub, "link", "set", "v" + host, "up");
    }

    private static void inside(String namespace, String... words) {
        List<String> all = new ArrayList<>(List.of("-n", namespace));
        all.addAll(List.of(words));
        ip(all.toArray(String[]::new));
    }

    private static void ip(String... words) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        assertEquals(0, run(command.toArray(String[]::new)), () -> String.join(" ", command));
    }

    private static int run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (IOException missing) {
            return -1;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    @Override
    public void close() {
        hosts.forEach(host -> ip("netns", "delete", host));
        ip("netns", "delete", hub);
    }
}
