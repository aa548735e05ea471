package dev.bunctl.os.linux;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Room for one message of a Unix socket and for what the kernel says beside it, see recvmsg(2), cmsg(3) and unix(7). Used
 * from one thread at a time; what it holds is overwritten by the next message.
 */
final class ReceivedMessage {
    /** Where in struct msghdr and struct iovec of 64-bit Linux the fields lie. */
    private static final int IOV = 16;

    private static final int IOV_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;
    private static final int MESSAGE_HEADER_SIZE = 56;
    private static final int VECTOR_SIZE = 16;

    /** struct cmsghdr, and what its parts are rounded up to. */
    private static final int CONTROL_HEADER = 16;

    private static final int CONTROL_LEVEL = 8;
    private static final int CONTROL_TYPE = 12;
    private static final int ALIGNMENT = 8;

    /** Where in struct ucred the user lies. */
    private static final int USER = 4;

    private final NativeBuffer data;
    private final NativeBuffer control;
    private final NativeBuffer vector = NativeBuffer.ofSize(VECTOR_SIZE);
    private final NativeBuffer header = NativeBuffer.ofSize(MESSAGE_HEADER_SIZE);
    private final int controlSize;

    ReceivedMessage(int size, int controlSize) {
        data = NativeBuffer.ofSize(size);
        control = NativeBuffer.ofSize(controlSize);
        this.controlSize = controlSize;
        vector.bytes().putLong(0, data.address()).putLong(Long.BYTES, size);
        header.bytes().putLong(IOV, vector.address()).putLong(IOV_COUNT, 1).putLong(CONTROL, control.address());
    }

    /** Takes one message in without waiting. Its length, or -1 and {@link LibC#errno}. */
    long receive(int fd) {
        header.bytes().putLong(CONTROL_LENGTH, controlSize).putInt(FLAGS, 0);
        long count;
        do {
            count = LibC.recvmsg(fd, header.address(), LibC.MSG_DONTWAIT | LibC.MSG_CMSG_CLOEXEC);
        } while (count < 0 && LibC.errno() == Errno.EINTR);
        return count;
    }

    ByteBuffer data(int length) {
        return data.bytes().slice(0, length);
    }

    /** Whether some of it had no room. */
    boolean isCut() {
        return (header.bytes().getInt(FLAGS) & LibC.MSG_TRUNC) != 0;
    }

    /** Whether descriptors that came with it were lost: there was no room for them here, or this process has too many. */
    boolean isShortOfDescriptors() {
        return (header.bytes().getInt(FLAGS) & LibC.MSG_CTRUNC) != 0;
    }

    /** Descriptors that came with it; they belong to the receiver. */
    List<Integer> descriptors() {
        List<Integer> found = new ArrayList<>(GuardChannel.MAX_DESCRIPTORS);
        for (Part part : parts(LibC.SCM_RIGHTS)) {
            for (int at = part.from(); at + Integer.BYTES <= part.to(); at += Integer.BYTES) {
                found.add(control.bytes().getInt(at));
            }
        }
        return found;
    }

    /** The user who sent it, where the socket asks for that ({@code SO_PASSCRED}). */
    OptionalInt sender() {
        for (Part part : parts(LibC.SCM_CREDENTIALS)) {
            return OptionalInt.of(control.bytes().getInt(part.from() + USER));
        }
        return OptionalInt.empty();
    }

    /** The bytes of one control message. */
    private record Part(int from, int to) {}

    private List<Part> parts(int type) {
        List<Part> parts = new ArrayList<>(1);
        int held = (int) header.bytes().getLong(CONTROL_LENGTH);
        for (int at = 0; at + CONTROL_HEADER <= held; ) {
            int length = (int) control.bytes().getLong(at);
            if (length < CONTROL_HEADER) {
                break;
            }
            if (control.bytes().getInt(at + CONTROL_LEVEL) == LibC.SOL_SOCKET
                    && control.bytes().getInt(at + CONTROL_TYPE) == type) {
                parts.add(new Part(at + CONTROL_HEADER, Math.min(at + length, held)));
            }
            at += (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
        return parts;
    }
}
