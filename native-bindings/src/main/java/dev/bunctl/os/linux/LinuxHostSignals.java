package dev.bunctl.os.linux;

import dev.bunctl.os.api.HostSignals;
import dev.bunctl.os.api.NativeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Requests that come as signals to the daemon, read from a signalfd, or through the guard. A signalfd gives only
 * signals that are blocked in every thread: the guard starts the daemon so. What nobody has subscribed to is kept.
 */
final class LinuxHostSignals implements HostSignals {
    private static final System.Logger LOG = System.getLogger(LinuxHostSignals.class.getName());

    /**
     * The same as the guard makes of signals to it, less SIGUSR2: HotSpot unblocks it in every thread and takes it for
     * itself, so it reaches the daemon through the guard alone.
     */
    private static final Map<Integer, Request> SIGNALS = Map.of(
            15, Request.TERMINATE,
            2, Request.TERMINATE,
            1, Request.REOPEN_LOGS);

    /** sizeof(sigset_t) of the C library and struct signalfd_siginfo. */
    private static final int MASK_SIZE = 128;

    private static final int INFO_SIZE = 128;

    /** Requests kept for the first subscriber; the same ones again add nothing. */
    private static final int MAX_EARLY = 64;

    private final List<Request> early = new ArrayList<>();
    private final List<Consumer<Request>> subscribers = new ArrayList<>();
    private final NativeBuffer info = NativeBuffer.ofSize(INFO_SIZE);
    private int fd = -1;

    /** Begins to read signals, in the loop. */
    void open(NativeLoop loop) throws NativeException {
        NativeBuffer mask = NativeBuffer.ofSize(MASK_SIZE);
        long bits = 0;
        for (int signal : SIGNALS.keySet()) {
            bits |= 1L << (signal - 1);
        }
        mask.bytes().putLong(0, bits);
        int flags = LibC.O_CLOEXEC | LibC.O_NONBLOCK;
        fd = (int) LibC.check(LibC.signalfd(-1, mask.address(), flags), "signalfd", "");
        var _ = loop.add(fd, LibC.EPOLLIN, _ -> read());
    }

    private void read() {
        while (LibC.read(fd, info.address(), INFO_SIZE) == INFO_SIZE) {
            Request request = SIGNALS.get(info.bytes().getInt(0));
            if (request != null) {
                request(request);
            }
        }
    }

    /** A request of the guard's protocol. */
    void request(int what) {
        switch (what) {
            case 0 -> request(Request.TERMINATE);
            case 1 -> request(Request.REOPEN_LOGS);
            case 2 -> request(Request.REPLACE_DAEMON);
            default -> LOG.log(System.Logger.Level.WARNING, "the guard asks for something unknown: {0}", what);
        }
    }

    private synchronized void request(Request request) {
        if (subscribers.isEmpty() && early.size() < MAX_EARLY) {
            early.add(request);
        }
        subscribers.forEach(subscriber -> subscriber.accept(request));
    }

    @Override
    public synchronized void subscribe(Executor executor, Consumer<Request> callback) {
        Consumer<Request> subscriber = request -> executor.execute(() -> callback.accept(request));
        subscribers.add(subscriber);
        early.forEach(subscriber);
        early.clear();
    }

    void close() {
        if (fd >= 0) {
            var _ = LibC.close(fd);
            fd = -1;
        }
    }
}
