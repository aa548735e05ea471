package dev.bunctl.verticles.log.collect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DropJournalTest {
    private static final Path LOG = Path.of("/logs/api-out.log");

    @TempDir
    Path home;

    private final List<String> troubles = new ArrayList<>();

    private DropJournal journal() {
        return new DropJournal(home.resolve("state/dropped"), (log, what) -> troubles.add(what));
    }

    private static Drops drops(String text) {
        Drops drops = new Drops();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        drops.count(bytes, 0, bytes.length);
        return drops;
    }

    private DropRecord foundByTheNext() {
        return journal().noteOf(LOG, "api:0#1").takeUp();
    }

    @Test
    void killBetweenReadingAndCounting_isToldAsAnUncertainCount() {
        DropJournal.Note note = journal().noteOf(LOG, "api:0#1");
        assertTrue(note.takeUp().isEmpty());
        note.dropping("disk full", 0);
        note.dropped(drops("one\ntwo\n"));
        assertFalse(foundByTheNext().uncertain());
        note.dropping("disk full", 0);
        Drops told = new Drops();
        told.count(foundByTheNext());
        assertEquals("at least 2 lines (8 bytes) dropped: disk full", told.announcement("disk full"));
    }

    @Test
    void killBeforeTheFirstCount_isToldWithoutNumbers() {
        DropJournal.Note note = journal().noteOf(LOG, "api:0#1");
        assertTrue(note.takeUp().isEmpty());
        note.dropping("disk full", 0);
        Drops told = new Drops();
        told.count(foundByTheNext());
        assertTrue(told.any());
        assertEquals("lines may have been dropped: disk full", told.announcement("disk full"));
    }

    @Test
    void whatIsDroppedWhileOtherDropsAreAnnounced_staysNoted() {
        DropJournal.Note note = journal().noteOf(LOG, "api:0#1");
        assertTrue(note.takeUp().isEmpty());
        note.dropping("disk too slow", 0);
        note.dropped(drops("one\n"));
        note.dropped(drops("two\nthree\n"));
        note.announced(drops("one\n"), 0);
        DropRecord left = foundByTheNext();
        assertEquals(2, left.lines());
        assertEquals(10, left.bytes());
        note.announced(drops("two\nthree\n"), 0);
        assertTrue(foundByTheNext().isEmpty());
    }

    @Test
    void severalStreamsOfOneLog_areSummedUp() {
        DropJournal first = journal();
        for (String writer : List.of("api:0#1", "api:1#1")) {
            DropJournal.Note note = first.noteOf(LOG, writer);
            assertTrue(note.takeUp().isEmpty());
            note.dropping("disk full", 0);
            note.dropped(drops("a line\n"));
        }
        DropJournal next = journal();
        assertEquals(2, next.noteOf(LOG, "api:0#1").takeUp().lines());
        assertTrue(next.noteOf(LOG, "api:1#1").takeUp().isEmpty());
        assertEquals(2, foundByTheNext().lines());
    }

    @Test
    void releasedWithoutAnAnnouncement_isLeftToTheNextWriterOfThatLog() {
        DropJournal journal = journal();
        DropJournal.Note note = journal.noteOf(LOG, "api:0#1");
        assertTrue(note.takeUp().isEmpty());
        note.dropping("disk full", 0);
        note.dropped(drops("one\n"));
        note.release();
        assertTrue(journal.noteOf(Path.of("/logs/other"), "other:0#1").takeUp().isEmpty());
        assertEquals(1, journal.noteOf(LOG, "api:0#2").takeUp().lines());
    }

    @Test
    void recordsAreUsedAgain_andNoMoreThanTheLimitAreMade() throws IOException {
        DropJournal journal = journal();
        for (int round = 0; round < 3; round++) {
            List<DropJournal.Note> notes = new ArrayList<>();
            for (int i = 0; i < DropJournal.MAX_RECORDS + 10; i++) {
                DropJournal.Note note = journal.noteOf(Path.of("/logs/" + i), "app:" + i + "#1");
                assertTrue(note.takeUp().isEmpty());
                note.dropping("disk full", 0);
                note.dropped(drops("x\n"));
                notes.add(note);
            }
            assertEquals((long) DropJournal.MAX_RECORDS * DropRecord.BYTES, Files.size(home.resolve("state/dropped")));
            notes.forEach(note -> {
                note.announced(drops("x\n"), 0);
                note.release();
            });
        }
        assertEquals(List.of(), troubles);
    }

    @Test
    void folderThatCannotBeMade_isReportedOnce() throws IOException {
        Files.writeString(home.resolve("state"), "a file");
        DropJournal journal = journal();
        for (int i = 0; i < 3; i++) {
            DropJournal.Note note = journal.noteOf(LOG, "api:0#1");
            assertTrue(note.takeUp().isEmpty());
            note.dropping("disk full", 0);
            note.dropped(drops("x\n"));
        }
        assertEquals(1, troubles.size(), troubles.toString());
    }

    @Test
    void longReason_isCut() {
        DropJournal.Note note = journal().noteOf(LOG, "api:0#1");
        assertTrue(note.takeUp().isEmpty());
        note.dropping("r".repeat(500), 0);
        note.dropped(drops("x\n"));
        assertEquals("r".repeat(80), foundByTheNext().reason());
    }

    /** As 0.1.0 first wrote them: nothing of what the guard kept in front. */
    @Test
    void recordOfTheFirstLayout_isRead() throws IOException {
        ByteBuffer first = ByteBuffer.allocate(DropRecord.BYTES);
        byte[] reason = "disk full".getBytes(StandardCharsets.US_ASCII);
        first.put((byte) 1).put((byte) 0).putShort((short) reason.length).putInt(0);
        first.putLong(DropRecord.hash(LOG.toString())).putLong(DropRecord.hash("api:0#1"));
        first.putLong(3).putLong(14).put(reason);
        CRC32 sum = new CRC32();
        sum.update(first.array());
        first.putInt(4, (int) sum.getValue());
        Files.createDirectories(home.resolve("state/dropped").getParent());
        Files.write(home.resolve("state/dropped"), first.array());
        DropRecord read = foundByTheNext();
        assertEquals(3, read.lines());
        assertEquals(14, read.bytes());
        assertEquals("disk full", read.reason());
        assertEquals(0, read.keptBefore());
    }
}
