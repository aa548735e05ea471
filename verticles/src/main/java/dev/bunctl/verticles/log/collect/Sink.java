package dev.bunctl.verticles.log.collect;

import dev.bunctl.os.api.NativeException;

/** Where whole lines end up. Blocking; may be used by several threads, which take turns. */
interface Sink {
    /**
     * Writes behind all that was written before.
     *
     * @return bytes written: all, or fewer when the rest was refused, and at least one
     */
    int write(byte[] bytes, int from, int length) throws NativeException;

    /** Ends a last line that is not complete, and says in it that its rest was dropped: half a line must not look whole. */
    void endTornLine() throws NativeException;

    /** Makes what was written survive a loss of power, where that can be. */
    void sync() throws NativeException;
}
