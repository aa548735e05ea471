package dev.bunctl.os.linux;

import dev.bunctl.os.api.NativeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The small files through which the kernel is asked and told: one system call each, with the errno of a refusal. */
final class KernelFile {
    /** None that is read here is larger. */
    private static final int SIZE = 16_384;

    private KernelFile() {}

    static void write(Path file, String text) throws NativeException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        NativeBuffer buffer = NativeBuffer.ofSize(Math.max(1, bytes.length));
        buffer.bytes().put(0, bytes);
        int fd = LibC.open(NativeBuffer.cString(file), LibC.O_WRONLY | LibC.O_CLOEXEC, 0);
        LibC.check(fd, "open", file);
        long written = LibC.write(fd, buffer.address(), bytes.length);
        int errno = LibC.errno();
        var _ = LibC.close(fd);
        if (written < 0) {
            throw Errno.exception("write", errno, file + " <- " + text);
        }
    }

    static String read(Path file) throws NativeException {
        int fd = (int)
                LibC.check(LibC.open(NativeBuffer.cString(file), LibC.O_RDONLY | LibC.O_CLOEXEC, 0), "open", file);
        NativeBuffer buffer = NativeBuffer.ofSize(SIZE);
        long count = LibC.read(fd, buffer.address(), SIZE);
        int errno = LibC.errno();
        var _ = LibC.close(fd);
        if (count < 0) {
            throw Errno.exception("read", errno, file.toString());
        }
        byte[] bytes = new byte[(int) count];
        buffer.bytes().get(0, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /** The content, or empty where there is no such file or it may not be read. */
    static Optional<String> tryRead(Path file) {
        try {
            return Optional.of(read(file));
        } catch (NativeException e) {
            return Optional.empty(); // an older kernel, a missing controller, or a group that is gone
        }
    }

    static List<String> words(String text) {
        String trimmed = text.trim();
        return trimmed.isEmpty() ? List.of() : Arrays.asList(trimmed.split("\\s+"));
    }

    /** Reads lines of a name and a number; others are passed over. */
    static Map<String, Long> counters(String text) {
        Map<String, Long> counters = new HashMap<>();
        text.lines()
                .map(KernelFile::words)
                .filter(line -> line.size() == 2)
                .forEach(line -> number(line.get(1)).ifPresent(value -> counters.put(line.get(0), value)));
        return counters;
    }

    static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text.trim()));
        } catch (NumberFormatException e) {
            return Optional.empty(); // "max"
        }
    }
}
