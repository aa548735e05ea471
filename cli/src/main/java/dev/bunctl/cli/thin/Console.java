package dev.bunctl.cli.thin;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The three standard streams, unbuffered and without the encoders of {@code System.out}. */
public final class Console {
    /** Longest answer that is read to a question. */
    private static final int MAX_ANSWER = 4096;

    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);
    private static final FileOutputStream ERR = new FileOutputStream(FileDescriptor.err);

    private Console() {}

    /**
     * Prints data.
     *
     * @return how many bytes
     * @throws ReaderGoneException when nobody reads stdout any more
     */
    public static int out(String text) throws ReaderGoneException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            OUT.write(bytes);
        } catch (IOException closed) {
            throw new ReaderGoneException(closed);
        }
        return bytes.length;
    }

    /** Prints talk, as far as anybody listens; how many bytes. */
    public static int err(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            ERR.write(bytes);
        } catch (IOException closed) {
            // There is no third stream on which to tell that the second is gone.
            return bytes.length;
        }
        return bytes.length;
    }

    /** Says what went wrong, and what to do about it. */
    public static void fail(String what, @Nullable String hint) {
        StringBuilder text =
                new StringBuilder(160).append("bunctl: ").append(what).append('\n');
        if (hint != null && !hint.isEmpty()) {
            text.append("hint: ").append(hint).append('\n');
        }
        int _ = err(text.toString());
    }

    /** Asks on stderr and reads one line from stdin; empty at its end. */
    public static String ask(String prompt) throws IOException {
        int _ = err(prompt);
        byte[] line = new byte[MAX_ANSWER];
        int length = 0;
        try (FileInputStream in = InheritedLink.standardInput()) {
            int next = in.read();
            while (next >= 0 && next != '\n' && length < MAX_ANSWER) {
                line[length++] = (byte) next;
                next = in.read();
            }
        }
        return new String(line, 0, length, StandardCharsets.UTF_8);
    }

    /** Nobody reads stdout any more, as behind {@code | head}. */
    public static final class ReaderGoneException extends IOException {
        private static final long serialVersionUID = 1L;

        /** As a program that SIGPIPE ends. */
        public static final int EXIT = 141;

        ReaderGoneException(IOException cause) {
            super(cause);
        }
    }
}
