package dev.bunctl.bridge.preload;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Constant requests over loopback, on kept-alive connections and on one connection a request. Nothing is retried. */
public final class HttpLoad implements AutoCloseable {
    private final int port;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ending;
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong closings = new AtomicLong();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();

    /**
     * Begins.
     *
     * @param keptAlive connections that are used again
     * @param single connections that are used once, each at a time
     */
    public HttpLoad(int port, int keptAlive, int single) {
        this.port = port;
        for (int i = 0; i < keptAlive + single; i++) {
            boolean keepAlive = i < keptAlive;
            threads.add(Thread.ofPlatform().start(() -> requests(keepAlive)));
        }
    }

    /** One answer. */
    public record Response(int status, boolean closes) {}

    private void requests(boolean keepAlive) {
        Socket socket = null;
        while (!ending) {
            try {
                if (socket == null) {
                    socket = new Socket(InetAddress.getLoopbackAddress(), port);
                }
                Response response = request(socket, keepAlive);
                if (response.status() == 200) {
                    answered.incrementAndGet();
                }
                if (response.closes()) {
                    closings.incrementAndGet();
                }
                if (response.closes() || !keepAlive) {
                    socket.close();
                    socket = null;
                }
            } catch (IOException failure) {
                failures.add(new IOException((keepAlive ? "kept alive: " : "one each: ") + failure, failure));
                close(socket);
                socket = null;
            }
        }
        close(socket);
    }

    private void close(@Nullable Socket socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException failure) {
                failures.add(failure);
            }
        }
    }

    /** Sends one request and reads its whole answer. */
    public static Response request(Socket socket, boolean keepAlive) throws IOException {
        String connection = keepAlive ? "keep-alive" : "close";
        socket.getOutputStream()
                .write(("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: " + connection + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        InputStream in = new BufferedInputStream(socket.getInputStream());
        String status = line(in);
        int length = 0;
        boolean closes = false;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            }
            closes |= keepAlive && lower.equals("connection: close");
        }
        if (in.readNBytes(length).length < length) {
            throw new IOException("the answer was cut");
        }
        return new Response(Integer.parseInt(status.split(" ")[1]), closes);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("closed after '" + line + "'");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    @Override
    public void close() {
        end();
    }

    /** Requests that were answered with 200. */
    public long answered() {
        return answered.get();
    }

    /** Answers to kept-alive connections that closed them. */
    public long closings() {
        return closings.get();
    }

    /** Every request that was not answered, and why. */
    public List<Exception> failures() {
        return List.copyOf(failures);
    }

    /** Ends the requests and waits for the last answers. */
    public void end() {
        ending = true;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }
}
