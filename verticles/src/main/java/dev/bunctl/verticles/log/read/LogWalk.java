package dev.bunctl.verticles.log.read;

import dev.bunctl.verticles.log.LogPosition;
import dev.bunctl.verticles.log.files.LogFolder;
import dev.bunctl.verticles.log.files.RotatedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the files of one log in the order in which they were written, the living end included. It holds the
 * file it reads open, so what happens to the name does not matter. Blocking.
 */
final class LogWalk implements AutoCloseable {
    private static final int MAX_TRIES = 100;

    private final Path log;
    private final Deque<Long> ahead = new ArrayDeque<>();
    private @Nullable Segment current;
    private @Nullable Segment live;
    private @Nullable Object liveKey;
    private long lastSequence;
    private long missed;

    LogWalk(Path log) {
        this.log = log;
    }

    /** Opens the end of the log and finds where to start. */
    BackwardSearch.Start locate(BackwardSearch search, LogSelection selection) throws IOException {
        List<RotatedFile> files = openLive();
        lastSequence = files.isEmpty() ? 0 : files.getLast().sequence();
        BackwardSearch.Outcome outcome = live == null ? null : search.search(live);
        BackwardSearch.Start start = outcome == null ? new BackwardSearch.Start(Segment.LIVE, 0, 0) : outcome.start();
        for (RotatedFile file : files.reversed()) {
            if ((outcome != null && outcome.enough()) || selection.cancelled().getAsBoolean()) {
                break;
            }
            Optional<Segment> older = Segment.rotated(log, file.sequence());
            if (older.isEmpty()) {
                break;
            }
            try (Segment open = older.get()) {
                outcome = search.search(open);
                start = outcome.start();
            }
        }
        for (RotatedFile file : files) {
            if (file.sequence() >= start.sequence()) {
                ahead.add(file.sequence());
            }
        }
        return start;
    }

    /** Opens the end of the log and finds a place where a reading was broken off. */
    BackwardSearch.Start resume(LogPosition place) throws IOException {
        List<RotatedFile> files = openLive();
        lastSequence = lastOf(files);
        boolean putAside = files.stream().anyMatch(file -> file.sequence() == place.file());
        if (!putAside && live != null && Objects.hashCode(liveKey) == place.mark()) {
            return new BackwardSearch.Start(Segment.LIVE, place.offset(), 0);
        }
        long next = place.file();
        for (RotatedFile file : files) {
            if (file.sequence() >= next) {
                missed += file.sequence() - next;
                next = file.sequence() + 1;
                ahead.add(file.sequence());
            }
        }
        if (!putAside && live != null && place.file() == lastSequence + 1 && place.mark() != 0) {
            missed++; // it was put aside and deleted, or removed by someone else
        }
        return new BackwardSearch.Start(place.file(), place.offset(), 0);
    }

    /** Which file stands there now: its own number, or the one that it gets when it is put aside. */
    long number() {
        Segment open = current;
        return open == null || open.sequence() == Segment.LIVE ? lastSequence + 1 : open.sequence();
    }

    /** Tells the file that is written to from another of its name; 0 where one put aside is read. */
    int mark() {
        Segment open = current;
        return open == null || open.sequence() == Segment.LIVE ? Objects.hashCode(liveKey) : 0;
    }

    /** The file to read now, or null before {@link #advance} or where there is none. */
    @Nullable
    Segment current() {
        return current;
    }

    /** How many files were deleted before they were read, since this was last asked. */
    long takeMissed() {
        long count = missed;
        missed = 0;
        return count;
    }

    /**
     * Leaves the current file, which was read to its end, for the next one.
     *
     * @param offset up to where the current one was read
     * @return whether there is something to read now
     */
    boolean advance(long offset) throws IOException {
        Segment open = current;
        if (open != null && open.sequence() == Segment.LIVE) {
            if (Objects.equals(keyOf(log), liveKey) || open.size() > offset) {
                return open.size() > offset;
            }
            List<RotatedFile> files = LogFolder.list(log).files();
            if (!files.isEmpty() && files.getLast().sequence() > lastSequence) {
                lastSequence++;
            }
        }
        leave();
        if (ahead.isEmpty() && live == null) {
            comeToEnd();
        }
        return enterNext();
    }

    private void comeToEnd() throws IOException {
        for (RotatedFile file : openLive()) {
            if (file.sequence() > lastSequence) {
                missed += file.sequence() - lastSequence - 1;
                lastSequence = file.sequence();
                ahead.add(lastSequence);
            }
        }
    }

    private boolean enterNext() throws IOException {
        for (Long next = ahead.poll(); next != null; next = ahead.poll()) {
            current = Segment.rotated(log, next).orElse(null);
            if (current != null) {
                return true;
            }
            missed++;
        }
        current = live;
        live = null;
        return current != null;
    }

    /** Opens the file that is written to, together with a list of the others that fits it. */
    private List<RotatedFile> openLive() throws IOException {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            List<RotatedFile> before = readable();
            liveKey = keyOf(log);
            live = liveKey == null ? null : openOrNull();
            List<RotatedFile> after = readable();
            if (lastOf(before) == lastOf(after) && Objects.equals(liveKey, keyOf(log))) {
                return after;
            }
            closeLive();
        }
        throw new IOException(log + " is put aside faster than it can be opened");
    }

    private List<RotatedFile> readable() throws IOException {
        return LogFolder.list(log).files().stream()
                .filter(RotatedFile::readable)
                .toList();
    }

    private static long lastOf(List<RotatedFile> files) {
        return files.isEmpty() ? 0 : files.getLast().sequence();
    }

    private @Nullable Segment openOrNull() throws IOException {
        try {
            return Segment.live(log);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static @Nullable Object keyOf(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private void leave() throws IOException {
        if (current != null) {
            current.close();
            current = null;
        }
    }

    private void closeLive() throws IOException {
        if (live != null) {
            live.close();
            live = null;
        }
    }

    @Override
    public void close() throws IOException {
        leave();
        closeLive();
    }
}
