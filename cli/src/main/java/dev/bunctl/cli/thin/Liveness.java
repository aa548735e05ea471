package dev.bunctl.cli.thin;

import dev.bunctl.bridge.wire.FrameChannel;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks a silent daemon whether it is there. A command may take as long as an app's kill_timeout, so silence alone is no
 * sign; a ping that stays unanswered is.
 */
public class Liveness extends Thread {
    /** Silence after which the daemon is asked, and then the time it has to answer: a cold boot on a busy host included. */
    private static final long PATIENCE_MILLIS = 20_000;

    private final FrameChannel link;
    private final long patienceMillis;
    private boolean heard;
    private boolean over;
    private boolean lost;

    public Liveness(FrameChannel link) {
        this(link, PATIENCE_MILLIS);
    }

    /** With another silence after which the daemon is asked, and then the time it has to answer. */
    public Liveness(FrameChannel link, long patienceMillis) {
        super(null, null, "bunctl-liveness", 0, false);
        this.link = link;
        this.patienceMillis = patienceMillis;
    }

    /** Begins the watch. */
    public final void begin() {
        setDaemon(true);
        start();
    }

    /** Notes that something came from the daemon. */
    public final synchronized void hear() {
        heard = true;
    }

    /** Ends the watch. */
    public final synchronized void end() {
        over = true;
        notifyAll();
    }

    /** Whether the link was closed because the daemon stayed silent. */
    public final synchronized boolean isLost() {
        return lost;
    }

    @Override
    public final void run() {
        try {
            while (waited()) {
                Map<String, @Nullable Object> ping = new HashMap<>();
                ping.put("type", "ping");
                link.send(ping);
                if (waited()) {
                    declareLost();
                    return;
                }
            }
        } catch (IOException gone) {
            // The reader sees the end of the link by itself and says so.
            end();
        }
    }

    /** Waits out one time of patience; true when nothing was heard meanwhile and the exchange is not over. */
    private synchronized boolean waited() {
        long until = System.nanoTime() + patienceMillis * 1_000_000;
        while (!over) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                if (!heard) {
                    return true;
                }
                heard = false;
                until = System.nanoTime() + patienceMillis * 1_000_000;
                continue;
            }
            try {
                wait(left);
            } catch (InterruptedException stop) {
                over = true;
            }
        }
        return false;
    }

    private void declareLost() throws IOException {
        synchronized (this) {
            lost = true;
        }
        lost(link);
    }

    /** Called on this thread when the daemon is given up; closes the link, which wakes its reader. */
    protected void lost(FrameChannel silent) throws IOException {
        silent.close();
    }
}
