package dev.bunctl.verticles.log.read;

import dev.bunctl.verticles.log.frame.Framer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The last lines of one file, for messages. Blocking. */
public final class Tail {
    /** Most bytes looked at. */
    public static final int MAX_BYTES = 64 * 1024;

    /** Longest line given; a longer one is given in parts. */
    public static final int MAX_LINE_BYTES = 4096;

    private Tail() {}

    /**
     * Reads the end of a file.
     *
     * @param from nothing before this offset is given; when the file is shorter it is another one, and all of it counts
     * @param count most lines
     */
    public static List<String> last(Path file, long from, int count) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long first = size < from ? 0 : from;
            long start = Math.max(first, size - MAX_BYTES);
            byte[] bytes = new byte[(int) (size - start)];
            int read = Positional.read(channel, start, bytes, 0, bytes.length);
            List<String> lines = new ArrayList<>();
            Framer framer = new Framer(MAX_LINE_BYTES);
            Framer.Lines collect = (line, begin, end, ending) ->
                    lines.add(new String(line, begin, end - begin, StandardCharsets.UTF_8));
            framer.feed(bytes, 0, read, collect);
            framer.finish(collect);
            boolean cut = start > first && !lines.isEmpty();
            List<String> whole = cut ? lines.subList(1, lines.size()) : lines;
            return List.copyOf(whole.subList(Math.max(0, whole.size() - count), whole.size()));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
