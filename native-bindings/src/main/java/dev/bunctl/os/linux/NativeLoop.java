package dev.bunctl.os.linux;

import dev.bunctl.os.api.NativeException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one thread that waits for the kernel. It sleeps in epoll_wait(2) without a time-out and hands what happened to
 * handlers, which do the least possible: usually they post to an executor. All methods may be called from any thread.
 */
final class NativeLoop implements AutoCloseable {
    /** Most events taken at one waking; more wait in the kernel. */
    static final int MAX_EVENTS = 256;

    private static final System.Logger LOG = System.getLogger(NativeLoop.class.getName());

    /** The kernel packs the struct on x86-64 only, see epoll_ctl(2) and {@code EPOLL_PACKED}. */
    private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

    private static final int EVENT_SIZE = PACKED ? 12 : 16;
    private static final int DATA_OFFSET = PACKED ? 4 : 8;
    private static final long WAKE_TOKEN = 0;

    /** Called on the loop's thread. */
    interface Handler {
        /** Something happened; events are what epoll reported. */
        void ready(int events);
    }

    private final int epoll;
    private final int wakeup;
    private final Map<Long, Handler> handlers = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicLong nextToken = new AtomicLong(WAKE_TOKEN + 1);
    private final NativeBuffer controlEvent = NativeBuffer.ofSize(EVENT_SIZE);
    private final NativeBuffer one = NativeBuffer.ofSize(Long.BYTES);
    private final NativeBuffer events = NativeBuffer.ofSize(MAX_EVENTS * EVENT_SIZE);
    private final NativeBuffer counter = NativeBuffer.ofSize(Long.BYTES);
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean silent;

    private NativeLoop(int epoll, int wakeup) {
        this.epoll = epoll;
        this.wakeup = wakeup;
        one.bytes().putLong(0, 1);
        thread = Thread.ofPlatform().name("bunctl-native").daemon(true).unstarted(this::run);
    }

    /** Makes the loop; handlers run only after {@link #start}. */
    static NativeLoop open() throws NativeException {
        int epoll = (int) LibC.check(LibC.epoll_create1(LibC.EPOLL_CLOEXEC), "epoll_create1", "");
        try {
            int wakeup = (int) LibC.check(LibC.eventfd(0, LibC.EFD_CLOEXEC_NONBLOCK), "eventfd", "");
            NativeLoop loop = new NativeLoop(epoll, wakeup);
            loop.control(LibC.EPOLL_CTL_ADD, wakeup, LibC.EPOLLIN, WAKE_TOKEN);
            return loop;
        } catch (NativeException e) {
            var _ = LibC.close(epoll); // nothing was done with it yet
            throw e;
        }
    }

    void start() {
        thread.start();
    }

    /**
     * Begins to watch a descriptor.
     *
     * @return a token that names the registration; it is never reused, unlike descriptors
     */
    long add(int fd, int interest, Handler handler) throws NativeException {
        long token = nextToken.getAndIncrement();
        handlers.put(token, handler);
        try {
            control(LibC.EPOLL_CTL_ADD, fd, interest, token);
        } catch (NativeException e) {
            handlers.remove(token);
            throw e;
        }
        return token;
    }

    /** Changes what is watched, or arms a one-shot registration again. */
    void modify(int fd, int interest, long token) throws NativeException {
        control(LibC.EPOLL_CTL_MOD, fd, interest, token);
    }

    /** Ends the watch. Its handler may be in the middle of a last call. To be called before the descriptor is closed. */
    void remove(int fd, long token) throws NativeException {
        if (handlers.remove(token) != null) {
            control(LibC.EPOLL_CTL_DEL, fd, 0, token);
        }
    }

    /** Runs the task on the loop's thread soon, in the order of the calls. After the close it never runs. */
    void execute(Runnable task) {
        tasks.add(task);
        wake();
    }

    boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    private synchronized void control(int operation, int fd, int interest, long token) throws NativeException {
        if (closing) {
            throw new NativeException("epoll_ctl", Errno.EBADF, "the native loop is closed");
        }
        controlEvent.bytes().putInt(0, interest);
        controlEvent.bytes().putLong(DATA_OFFSET, token);
        LibC.check(LibC.epoll_ctl(epoll, operation, fd, controlEvent.address()), "epoll_ctl", "descriptor " + fd);
    }

    private synchronized void wake() {
        if (!closing) {
            var _ = LibC.write(wakeup, one.address(), Long.BYTES); // EAGAIN: it is awake already
        }
    }

    private void run() {
        while (!closing && !silent) {
            int count = LibC.epoll_wait(epoll, events.address(), MAX_EVENTS, -1);
            if (count < 0 && LibC.errno() != Errno.EINTR) {
                LOG.log(System.Logger.Level.ERROR, "epoll_wait failed: {0}", Errno.text(LibC.errno()));
                return;
            }
            for (int i = 0; i < count && !closing && !silent; i++) {
                dispatch(events.bytes().getInt(i * EVENT_SIZE), events.bytes().getLong(i * EVENT_SIZE + DATA_OFFSET));
            }
        }
    }

    private void dispatch(int ready, long token) {
        if (token == WAKE_TOKEN) {
            var _ = LibC.read(wakeup, counter.address(), Long.BYTES);
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                runSafely(task);
            }
            return;
        }
        Handler handler = handlers.get(token);
        if (handler != null) {
            runSafely(() -> handler.ready(ready));
        }
    }

    /** A handler that throws is a bug of one process's observer; the loop serves all others on. */
    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a native event handler failed", e);
        }
    }

    /** Runs no handler and no task from now on; waits for one that runs, unless called by it. Idempotent. */
    void fallSilent() {
        silent = true; // first: a loop that wakes before it is set would sleep for ever
        wake();
        joinUninterruptibly();
    }

    /** Ends the thread and waits for it, unless called on it. Registered descriptors stay open. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true; // first: a loop that wakes before it is set would sleep for ever
            var _ = LibC.write(wakeup, one.address(), Long.BYTES);
        }
        joinUninterruptibly();
        handlers.clear();
        var _ = LibC.close(wakeup);
        var _ = LibC.close(epoll);
    }

    private void joinUninterruptibly() {
        boolean interrupted = false;
        while (thread.isAlive() && !inLoop()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
