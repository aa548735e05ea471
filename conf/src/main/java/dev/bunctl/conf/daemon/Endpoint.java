package dev.bunctl.conf.daemon;

import java.net.InetAddress;

/**
 * Where a server of the daemon listens.
 *
 * @param address an IP address of this host, or {@code localhost}; no other name, which could mean another address tomorrow
 * @param port 0 for any free one
 */
public record Endpoint(String address, int port) {
    /** Reached from this host alone. */
    public static final String LOOPBACK = "127.0.0.1";

    /** Highest port there is. */
    public static final int MAX_PORT = 65_535;

    private static final String LOCALHOST = "localhost";

    /** @throws IllegalArgumentException when there is no such address or port */
    public Endpoint {
        if (!isAddress(address)) {
            throw new IllegalArgumentException("an IP address or localhost expected, not '" + address + "'");
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("a port of 0 to " + MAX_PORT + " expected, not " + port);
        }
    }

    /** Whether an address may stand here. */
    public static boolean isAddress(String text) {
        if (text.equals(LOCALHOST)) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(text).getHostAddress() != null;
        } catch (IllegalArgumentException noLiteral) {
            return false;
        }
    }

    /** Whether nobody off this host can reach it. */
    public boolean isLoopback() {
        return address.equals(LOCALHOST) || InetAddress.ofLiteral(address).isLoopbackAddress();
    }

    /** Whether it is every address of this host, which is no address that one could connect to. */
    public boolean isEverywhere() {
        return !address.equals(LOCALHOST) && InetAddress.ofLiteral(address).isAnyLocalAddress();
    }

    /** Where a program of this host connects to: loopback in place of every address. */
    public Endpoint fromHere() {
        if (!isEverywhere()) {
            return this;
        }
        return new Endpoint(address.indexOf(':') >= 0 ? "::1" : LOOPBACK, port);
    }

    void requireSafe(Tls tls) {
        if (!isLoopback() && tls.certificate() instanceof Tls.Certificate.None) {
            throw new IllegalArgumentException("TLS is needed on " + address + ": only loopback may go without");
        }
    }

    /** {@code 127.0.0.1:9616}, {@code [::1]:9616}. */
    @Override
    public String toString() {
        return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + port;
    }
}
