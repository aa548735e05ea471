package dev.bunctl.verticles.log.collect;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;

/** Where the bytes of one pipe go. Used on one lane. */
interface PipeWriter {
    /**
     * Takes what the pipe holds now, up to a limit, and writes it.
     *
     * @return bytes taken from the pipe, or what {@link OutputPipe#read} says
     * @throws NativeException when it could not be written; nothing that was taken is lost, and {@link #flush} goes on
     */
    int take(OutputPipe pipe, int limit) throws NativeException;

    /** Takes bytes that were read already; they are written by the next {@link #flush}. */
    void accept(byte[] bytes, int from, int to);

    /** Writes what was accepted and not yet written. */
    void flush() throws NativeException;

    /** Writes a line of our own, on a line of its own; nothing may be left to flush. */
    void announce(String text) throws NativeException;

    /** Gives up what was accepted and not yet written. */
    void drop(Drops drops);

    /** The stream pauses or ends: a line without an end gets one where lines are framed. */
    void settle();

    /** Makes what was written survive a loss of power. */
    void sync() throws NativeException;
}
