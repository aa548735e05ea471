package dev.bunctl.cli.thin;

import dev.bunctl.bridge.wire.FrameChannel;
import dev.bunctl.bridge.wire.Protocol;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One command line, sent over one link: prints what comes, gives credit for it, ends with the reply. */
final class Exchange {
    private static final String REPLY_ADDRESS = "r1";
    /** Printed bytes after which credit is given back, so that the daemon seldom has to wait. */
    private static final int CREDIT_STEP = Protocol.INITIAL_CREDIT / 4;

    private static final char[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private final FrameChannel link;
    private final String log;
    private final @Nullable String session;
    private @Nullable Map<String, @Nullable Object> place;
    private boolean printed;
    private boolean heard;
    private int owed;

    /**
     * @param link open, and closed by the caller
     * @param way by which it was opened
     * @param streaming whether output may come before the reply
     * @param place where another daemon left off, as {@link #place} said
     */
    Exchange(FrameChannel link, DaemonLink way, boolean streaming, @Nullable Map<String, @Nullable Object> place)
            throws IOException {
        this.link = link;
        this.log = way.log();
        this.session = streaming ? randomId() : null;
        this.place = place;
    }

    /** Where another daemon can go on with this, or null. */
    @Nullable
    Map<String, @Nullable Object> place() {
        return place;
    }

    /** Whether the daemon took the command up. */
    boolean wasHeard() {
        return heard;
    }

    /** Whether anything was printed, so that the command cannot be sent again unnoticed. */
    boolean hasPrinted() {
        return printed;
    }

    /**
     * Sends the words and prints until the reply comes.
     *
     * @return the exit code
     * @throws LinkLostException when the link ended before the reply
     */
    int run(String[] argv) throws IOException {
        Liveness liveness = new LastResort(link, log);
        try {
            send(argv);
            liveness.begin();
            return receive(liveness);
        } catch (Console.ReaderGoneException gone) {
            throw gone;
        } catch (IOException broken) {
            throw new LinkLostException(broken);
        } finally {
            liveness.end();
        }
    }

    private int receive(Liveness liveness) throws IOException {
        Map<String, @Nullable Object> frame = link.receive();
        while (frame != null) {
            liveness.hear();
            Object type = frame.get("type");
            boolean isReply = REPLY_ADDRESS.equals(frame.get("address"));
            if ("err".equals(type)) {
                return refusal(frame);
            }
            if ("message".equals(type) && frame.get("body") instanceof Map<?, ?> body) {
                heard = true;
                if (isReply && Boolean.TRUE.equals(body.get("again"))) {
                    throw handedOver();
                }
                if (isReply) {
                    return reply(body);
                }
                message(body);
            }
            frame = link.receive();
        }
        throw new IOException("closed");
    }

    /** The next daemon answers once this one has closed the link. */
    private IOException handedOver() {
        try {
            while (link.receive() != null) {
                // A last word for somebody else's ears.
            }
        } catch (IOException reset) {
            return reset;
        }
        return new IOException("handed over");
    }

    private int reply(Map<?, ?> body) throws IOException {
        int _ = print(body);
        return body.get("exit") instanceof Long exit ? exit.intValue() : ThinClient.EXIT_INTERNAL;
    }

    /** An error of the bridge, or of the guard that answers for a daemon that cannot come up. */
    private static int refusal(Map<String, @Nullable Object> frame) {
        Console.fail(frame.get("message") instanceof String text ? text : "the daemon refused the command", null);
        if (frame.get("failureCode") instanceof Long code && code > 0 && code < 100) {
            return code.intValue();
        }
        return ThinClient.EXIT_INTERNAL;
    }

    private void message(Map<?, ?> body) throws IOException {
        owed += print(body);
        if (body.get("resume") instanceof Map<?, ?> news) {
            remember(news);
        }
        if (body.get("ask") instanceof Map<?, ?> ask) {
            input("stdin", Console.ask(ask.get("prompt") instanceof String prompt ? prompt : ""));
        }
        if (owed >= CREDIT_STEP) {
            input("credit", (long) owed);
            owed = 0;
        }
    }

    /** Each message says where the logs are that it was about; the others are where they were. */
    private void remember(Map<?, ?> news) {
        Map<String, @Nullable Object> at = new LinkedHashMap<>();
        if (place != null) {
            copy(place.get("at"), at);
        }
        copy(news.get("at"), at);
        Map<String, @Nullable Object> next = new LinkedHashMap<>();
        next.put("since", news.get("since"));
        next.put("at", at);
        place = next;
    }

    private static void copy(@Nullable Object from, Map<String, @Nullable Object> to) {
        if (from instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                to.put(String.valueOf(entry.getKey()), entry.getValue());
            }
        }
    }

    private int print(Map<?, ?> body) throws IOException {
        int bytes = 0;
        if (body.get("out") instanceof String out) {
            bytes += Console.out(out);
        }
        if (body.get("err") instanceof String err) {
            bytes += Console.err(err);
        }
        printed |= bytes > 0;
        return bytes;
    }

    private void input(String name, Object value) throws IOException {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("session", session);
        body.put(name, value);
        Map<String, @Nullable Object> frame = frame("send", Protocol.INPUT);
        frame.put("body", body);
        link.send(frame);
    }

    private void send(String[] argv) throws IOException {
        Map<String, @Nullable Object> words = frame("send", Protocol.ARGV);
        words.put("replyAddress", REPLY_ADDRESS);
        words.put("body", body(argv));
        if (session == null) {
            link.send(words);
        } else {
            link.send(frame("register", Protocol.SESSION_PREFIX.concat(session)), words);
        }
    }

    private Map<String, @Nullable Object> body(String[] argv) {
        List<@Nullable Object> list = new ArrayList<>(argv.length);
        boolean updatesEnvironment = false;
        for (int i = 0; i < argv.length; i++) {
            list.add(argv[i]);
            updatesEnvironment |= argv[i].equals("--update-env");
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("version", (long) Protocol.VERSION);
        body.put("argv", list);
        body.put("cwd", System.getProperty("user.dir"));
        if (session != null) {
            body.put("session", session);
        }
        body.put("terminal", Caller.terminal());
        body.put("no_color", Caller.wantsNoColour());
        if (place != null) {
            body.put("resume", place);
        }
        putPresent(body, "term", System.getenv("TERM"));
        putPresent(body, "time_zone", System.getenv("TZ"));
        if (updatesEnvironment) {
            body.put("environment", Caller.environment());
        }
        return body;
    }

    private static void putPresent(Map<String, @Nullable Object> body, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            body.put(name, value);
        }
    }

    private static Map<String, @Nullable Object> frame(String type, String address) {
        Map<String, @Nullable Object> frame = new LinkedHashMap<>();
        frame.put("type", type);
        frame.put("address", address);
        return frame;
    }

    /** From the kernel: {@code SecureRandom} takes longer to load than the whole exchange. */
    private static String randomId() throws IOException {
        byte[] random = new byte[Protocol.SESSION_ID_LENGTH / 2];
        try (FileInputStream source = new FileInputStream("/dev/urandom")) {
            if (source.read(random) != random.length) {
                throw new IOException("/dev/urandom gave too little");
            }
        }
        StringBuilder id = new StringBuilder(Protocol.SESSION_ID_LENGTH);
        for (int i = 0; i < random.length; i++) {
            id.append(HEX[(random[i] >> 4) & 15]).append(HEX[random[i] & 15]);
        }
        return id.toString();
    }

    /** No reader of an inherited link can be woken, so a silent daemon ends the client. */
    private static final class LastResort extends Liveness {
        private final String log;

        LastResort(FrameChannel link, String log) {
            super(link);
            this.log = log;
        }

        @Override
        protected void lost(FrameChannel silent) {
            ThinClient.giveUp(log);
        }
    }

    /** The link ended before the reply. */
    static final class LinkLostException extends IOException {
        private static final long serialVersionUID = 1L;

        LinkLostException(IOException cause) {
            super(cause);
        }
    }
}
