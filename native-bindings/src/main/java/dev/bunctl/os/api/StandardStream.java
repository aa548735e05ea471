package dev.bunctl.os.api;

/** The stdout or stderr that this process was given, which it may share with others. Thread-safe. */
public interface StandardStream {
    /**
     * Writes bytes, those of one call together. Waits for its reader, however slow.
     *
     * @return bytes written: all, or fewer when it refused the rest, and at least one
     * @throws NativeException when it took none: nobody reads it any more, or its disk is full
     */
    int write(byte[] bytes, int from, int length) throws NativeException;
}
