package dev.bunctl.cli.thin;

import dev.bunctl.bridge.wire.FrameChannel;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends a command line to the daemon and prints what comes back. Ctrl-C ends this process; the daemon sees the link close and
 * ends what only watched or waited, never work it has taken on.
 */
public final class ThinClient {
    static final int EXIT_UNKNOWN_APP = 4;
    static final int EXIT_NO_DAEMON = 8;
    static final int EXIT_DAEMON_LOST = 9;
    static final int EXIT_INTERNAL = 70;

    private static final int MAX_LAST_LINKS = 100;

    /** A command that only reads is sent again so often when daemons go before they answer. */
    private static final int MAX_RETRIES = 1;

    private ThinClient() {}

    /** Runs one command line and ends the process with its exit code. */
    public static void main(String[] argv) {
        System.exit(run(argv));
    }

    /** Runs one command line; the exit code, see {@code dev.bunctl.bridge.message.ErrorCode}. */
    public static int run(String[] argv) {
        return run(argv, new DaemonLink());
    }

    /** Runs one command line on any daemon; the exit code. */
    public static int run(String[] argv, DaemonLink way) {
        try {
            return exchange(argv, way);
        } catch (Console.ReaderGoneException gone) {
            return Console.ReaderGoneException.EXIT;
        } catch (LinkRefusedException refused) {
            Console.fail(String.valueOf(refused.getMessage()), refused.hint());
            return refused.exit();
        } catch (IOException failure) {
            Console.fail(String.valueOf(failure.getMessage()), null);
            return EXIT_NO_DAEMON;
        }
    }

    private static int exchange(String[] argv, DaemonLink way) throws IOException {
        Map<String, @Nullable Object> place = null;
        boolean began = false;
        for (int tries = 0; tries <= MAX_RETRIES; tries++) {
            FrameChannel link = way.connect();
            if (link == null) {
                return began ? lost(way.log()) : ColdAnswers.answer(argv);
            }
            began = true;
            Exchange exchange = new Exchange(link, way, streams(argv[0]), place);
            try {
                int exit = exchange.run(argv);
                if (argv[0].equals("kill") && exit == 0 && way.isOfThisHome()) {
                    awaitEnd(link);
                }
                return exit;
            } catch (Exchange.LinkLostException broken) {
                place = exchange.place();
                if (!onlyReads(argv[0]) || (place == null && exchange.hasPrinted())) {
                    return lost(way.log());
                }
                if (place != null && exchange.wasHeard()) {
                    tries = 0; // it goes on where it was, so as often as daemons come and go
                }
            } finally {
                link.close();
            }
        }
        return lost(way.log());
    }

    /**
     * Returns when daemon and guard are gone, so that the next command meets nobody who is about to end. A link that waits in
     * the backlog is closed by the kernel when the last listener closes.
     */
    private static void awaitEnd(FrameChannel answered) throws IOException {
        FrameChannel link = answered;
        for (int tries = 0; link != null && tries < MAX_LAST_LINKS; tries++) {
            try {
                while (link.receive() != null) {
                    // A last word for somebody else's ears.
                }
            } catch (IOException reset) {
                // Reset instead of closed: the same news.
            }
            link.close();
            link = DaemonLink.connect(Caller.socket());
        }
    }

    /** Ends the process although its main thread waits for a daemon that stays silent. */
    static void giveUp(String log) {
        Runtime.getRuntime().halt(lost(log));
    }

    /** Says that the daemon was lost; the exit code. */
    private static int lost(String log) {
        Console.fail("the daemon was lost while it worked on the command", "its log says why: ".concat(log));
        return EXIT_DAEMON_LOST;
    }

    /** Whether a command changes nothing, so that it may be sent twice. */
    private static boolean onlyReads(String word) {
        return switch (word) {
            case "list", "ls", "l", "ps", "status", "describe", "desc", "show", "ping", "logs", "log", "nodes" -> true;
            default -> false;
        };
    }

    /** Whether output may come before the reply: the others answer in one frame. */
    private static boolean streams(String word) {
        return switch (word) {
            case "list", "ls", "l", "ps", "status", "ping" -> false;
            default -> true;
        };
    }
}
