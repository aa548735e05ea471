package dev.bunctl.bridge.preload;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for the servers of tests. They lie below those that the kernel gives to outgoing connections: one of those is
 * free now and taken by some client a moment later.
 */
public final class FreePorts {
    private static final int FIRST = 10_000;
    private static final int LAST = 32_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(FIRST, LAST));

    private FreePorts() {}

    /** One that nobody listens on, and that no other test of this run is given. */
    public static int one() throws IOException {
        return several(1);
    }

    /** The first of so many in a row. */
    public static int several(int count) throws IOException {
        for (int tries = 0; tries < LAST - FIRST; tries++) {
            int first = NEXT.getAndUpdate(port -> port + count > LAST - count ? FIRST : port + count);
            if (areFree(first, count)) {
                return first;
            }
        }
        throw new IOException("no free ports");
    }

    private static boolean areFree(int first, int count) throws IOException {
        for (int port = first; port < first + count; port++) {
            try (ServerSocket socket = new ServerSocket(port)) {
                socket.setReuseAddress(true);
            } catch (BindException taken) {
                return false;
            }
        }
        return true;
    }
}
