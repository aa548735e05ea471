package dev.bunctl.verticles.log.collect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was dropped and not yet announced, on file: a daemon that is killed while a disk is full leaves to the next one
 * what there is to announce.
 *
 * <p>The file is a row of {@link DropRecord}s. They are made before they are needed, since a full disk gives no more, and
 * written over in place, each by one pwrite(2) within a page, which no kill can cut. Nothing is synced: it must outlive
 * the daemon, not the host. Thread-safe; blocks on the disk.
 */
public final class DropJournal {
    /** Streams that have a record; the drops of further ones are forgotten with the daemon. */
    static final int MAX_RECORDS = 4096;

    private static final int RECORDS_AT_ONCE = 32;

    private final Path path;
    private final Workshop.Troubles troubles;
    private final Map<Integer, DropRecord> left = new HashMap<>();
    private final BitSet used = new BitSet();
    private @Nullable FileChannel file;
    private int records;
    private boolean failed;

    /** @param path made when first needed */
    public DropJournal(Path path, Workshop.Troubles troubles) {
        this.path = path;
        this.troubles = troubles;
    }

    /** What is noted of one stream; its record is taken by {@link Note#takeUp}. */
    Note noteOf(Path log, String writer) {
        return new Note(DropRecord.hash(log.toString()), DropRecord.hash(writer));
    }

    /** One stream's part in the journal. */
    final class Note {
        private static final int NONE = -1;

        private final long log;
        private DropRecord record;
        private int slot = NONE;

        private Note(long log, long writer) {
            this.log = log;
            this.record = DropRecord.nothing(log, writer);
        }

        /**
         * Begins, with what a former daemon dropped of that log and did not announce. A line whose start it dropped goes on
         * only when the same process writes on.
         */
        DropRecord takeUp() {
            synchronized (DropJournal.this) {
                open();
                DropRecord sum = record;
                for (var found = left.entrySet().iterator(); found.hasNext(); ) {
                    var entry = found.next();
                    if (entry.getValue().log() == log) {
                        sum = sum.plus(entry.getValue());
                        if (slot == NONE) {
                            slot = entry.getKey();
                        } else {
                            write(entry.getKey(), DropRecord.FREE);
                            used.clear(entry.getKey());
                        }
                        found.remove();
                    }
                }
                if (slot == NONE) {
                    slot = freeSlot();
                }
                if (!sum.isEmpty()) {
                    record = sum;
                    keep();
                }
                return sum;
            }
        }

        /**
         * Something is about to be dropped: a count that does not follow is not the whole one.
         *
         * @param keptBefore bytes that the guard keeps in front of it
         */
        void dropping(String reason, long keptBefore) {
            synchronized (DropJournal.this) {
                record = record.because(reason)
                        .behind(record.isEmpty() ? keptBefore : Math.min(keptBefore, record.keptBefore()));
                if (slot != NONE) {
                    write(slot, record.inDoubt());
                }
            }
        }

        /** That was dropped. */
        void dropped(Drops drops) {
            synchronized (DropJournal.this) {
                record = record.counted(drops);
                keep();
            }
        }

        /**
         * That was announced.
         *
         * @param keptBefore bytes that the guard keeps in front of the rest
         */
        void announced(Drops drops, long keptBefore) {
            synchronized (DropJournal.this) {
                record = record.minus(drops).behind(keptBefore);
                keep();
            }
        }

        /** So much is still kept in front of what was dropped. */
        void moved(long keptBefore) {
            synchronized (DropJournal.this) {
                if (record.keptBefore() != keptBefore) {
                    record = record.behind(keptBefore);
                    keep();
                }
            }
        }

        /** Gives the record back; what was not announced stays in it for who writes to that log next. */
        void release() {
            synchronized (DropJournal.this) {
                if (slot != NONE) {
                    if (record.isEmpty()) {
                        used.clear(slot);
                    } else {
                        left.put(slot, record);
                    }
                    slot = NONE;
                }
            }
        }

        private void keep() {
            if (slot != NONE) {
                write(slot, record);
            }
        }
    }

    private void open() {
        if (file != null || failed) {
            return;
        }
        try {
            Files.createDirectories(
                    path.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            FileChannel opened = FileChannel.open(
                    path,
                    Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            file = opened;
            read(opened);
        } catch (IOException e) {
            fail("read", e);
        }
    }

    private void read(FileChannel from) throws IOException {
        records = (int) Math.min(MAX_RECORDS, from.size() / DropRecord.BYTES);
        ByteBuffer all = ByteBuffer.allocate(records * DropRecord.BYTES);
        while (all.hasRemaining() && from.read(all, all.position()) > 0) {}
        for (int slot = 0; slot < records; slot++) {
            DropRecord record = DropRecord.decode(all.slice(slot * DropRecord.BYTES, DropRecord.BYTES));
            if (!record.isEmpty()) {
                left.put(slot, record);
                used.set(slot);
            }
        }
    }

    private int freeSlot() {
        int slot = used.nextClearBit(0);
        if (slot >= records && !grow()) {
            return Note.NONE;
        }
        used.set(slot);
        return slot;
    }

    private boolean grow() {
        FileChannel to = file;
        if (to == null || records >= MAX_RECORDS) {
            return false;
        }
        ByteBuffer zeros = ByteBuffer.allocate(RECORDS_AT_ONCE * DropRecord.BYTES);
        long end = (long) records * DropRecord.BYTES;
        try {
            while (zeros.hasRemaining()) {
                var _ = to.write(zeros, end + zeros.position());
            }
        } catch (IOException e) {
            fail("grow", e);
            return false;
        }
        records += RECORDS_AT_ONCE;
        return true;
    }

    private void write(int slot, DropRecord record) {
        FileChannel to = file;
        if (to == null) {
            return;
        }
        try {
            var _ = to.write(record.encode(), (long) slot * DropRecord.BYTES);
        } catch (IOException e) {
            fail("write", e);
        }
    }

    /** Lines are dropped and announced all the same; only a kill before that is silent. */
    private void fail(String what, IOException cause) {
        if (!failed) {
            failed = true;
            troubles.report(path, "cannot " + what + " it: " + cause);
        }
    }

    /** Gives back the descriptor; what is noted from now on is not kept. */
    synchronized void close() {
        FileChannel open = file;
        file = null;
        failed = true;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                troubles.report(path, "cannot be closed: " + e);
            }
        }
    }
}
