package dev.bunctl.os.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Memory outside the heap: its bytes in the machine's order, and its address for a system call. Lives as long as the
 * object is reachable, so a caller keeps it in a field while the kernel may touch it.
 */
record NativeBuffer(ByteBuffer bytes, long address) {
    static NativeBuffer ofSize(int size) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        return new NativeBuffer(bytes, addressOf(bytes));
    }

    /** Where a direct buffer begins, whatever its position. */
    static long addressOf(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    /** A path or name as C wants it. Linux file names are bytes; ours are UTF-8. */
    static byte[] cString(Object text) {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return java.util.Arrays.copyOf(bytes, bytes.length + 1);
    }
}
