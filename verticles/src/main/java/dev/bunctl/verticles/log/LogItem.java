package dev.bunctl.verticles.log;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/** What a reader of logs sees. */
public sealed interface LogItem {
    /** Which file it is from. */
    LogSource source();

    /**
     * When it arrived, to about 10 ms; where the index of a file is lost, when the file was last written to.
     */
    Instant arrival();

    /**
     * One line.
     *
     * @param text the bytes of the line as they are in the file, without the line feed at its end
     */
    record Line(LogSource source, Instant arrival, Buffer text) implements LogItem {}

    /**
     * Lines are missing here: they were deleted before this reader came to them.
     *
     * @param reason in a sentence for the user
     */
    record Gap(LogSource source, Instant arrival, String reason) implements LogItem {}
}
