package dev.bunctl.verticles.log.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks at bytes without making strings of them. */
public final class Bytes {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LINE_FEEDS = 0x0a0a0a0a0a0a0a0aL;
    private static final long LOW = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    private Bytes() {}

    /** Where the first line feed is, or -1. Eight bytes a step: the daemon's compiler makes no vectors. */
    public static int indexOfLineFeed(byte[] bytes, int from, int to) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long difference = (long) LONGS.get(bytes, at) ^ LINE_FEEDS;
            long found = (difference - LOW) & ~difference & HIGH;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; at < to; at++) {
            if (bytes[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    /** Where the last line feed is, or -1. */
    public static int lastIndexOfLineFeed(byte[] bytes, int from, int to) {
        for (int at = to - 1; at >= from; at--) {
            if (bytes[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    /** How many line feeds there are. */
    public static int countLineFeeds(byte[] bytes, int from, int to) {
        int count = 0;
        for (int at = indexOfLineFeed(bytes, from, to); at >= 0; at = indexOfLineFeed(bytes, at + 1, to)) {
            count++;
        }
        return count;
    }

    /**
     * Where to cut so that at most {@code max} bytes come before and no UTF-8 character is divided; bytes that are not
     * UTF-8 are cut at {@code max}.
     *
     * @param from where the piece begins; at least {@code max + 1} bytes follow
     */
    static int cut(byte[] bytes, int from, int max) {
        int limit = from + max;
        for (int at = limit; at > from && at > limit - 4; at--) {
            int b = bytes[at] & 0xff;
            if ((b & 0xc0) != 0x80) {
                return at + lengthOfCharacter(b) > limit ? at : limit;
            }
        }
        return limit;
    }

    private static int lengthOfCharacter(int lead) {
        if (lead < 0xc0) {
            return 1;
        }
        return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    }
}
