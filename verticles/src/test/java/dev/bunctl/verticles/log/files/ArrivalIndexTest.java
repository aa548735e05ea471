package dev.bunctl.verticles.log.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrivalIndexTest {
    @TempDir
    private Path folder;

    private List<Long> entries() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("idx")));
        List<Long> entries = new ArrayList<>();
        while (bytes.hasRemaining()) {
            entries.add(bytes.getLong());
        }
        return entries;
    }

    private ArrivalIndex open(long logBytes) throws IOException {
        return ArrivalIndex.open(folder.resolve("idx"), logBytes);
    }

    @Test
    void entries_areMadeAtTheResolution_andNotBelow() throws IOException {
        try (ArrivalIndex index = open(0)) {
            index.note(0, 1000, false);
            index.note(10, 1000 + ArrivalIndex.RESOLUTION_MILLIS - 1, false);
            index.note(20, 1000 + ArrivalIndex.RESOLUTION_MILLIS, false);
            index.note(20 + ArrivalIndex.RESOLUTION_BYTES - 1, 1011, false);
            index.note(20 + ArrivalIndex.RESOLUTION_BYTES, 1010, false);
            index.note(21 + ArrivalIndex.RESOLUTION_BYTES, 1011, false);
        }
        assertEquals(List.of(0L, 1000L, 20L, 1010L, 21 + ArrivalIndex.RESOLUTION_BYTES, 1011L), entries());
    }

    @Test
    void clockThatGoesBack_doesNotTakeTheIndexWithIt() throws IOException {
        try (ArrivalIndex index = open(0)) {
            index.note(0, 1000, false);
            index.note(ArrivalIndex.RESOLUTION_BYTES, 500, false);
            index.note(2 * ArrivalIndex.RESOLUTION_BYTES, 1001, false);
        }
        assertEquals(List.of(0L, 1000L, 2 * ArrivalIndex.RESOLUTION_BYTES, 1001L), entries());
    }

    @Test
    void openedAgain_goesOn() throws IOException {
        try (ArrivalIndex index = open(0)) {
            index.note(0, 1000, false);
        }
        try (ArrivalIndex index = open(50)) {
            index.note(50, 2000, false);
        }
        assertEquals(List.of(0L, 1000L, 50L, 2000L), entries());
    }

    @Test
    void indexOfAnotherLog_orHalfAnEntry_isBegunAnew() throws IOException {
        try (ArrivalIndex index = open(0)) {
            index.note(70, 1000, false);
        }
        try (ArrivalIndex index = open(50)) {
            index.note(50, 2000, false);
        }
        assertEquals(List.of(50L, 2000L), entries());
        Files.write(folder.resolve("idx"), new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
        try (ArrivalIndex index = open(60)) {
            index.note(60, 3000, false);
        }
        assertEquals(List.of(60L, 3000L), entries());
    }

    @Test
    void entryThatNothingCameTo_isSetRight() throws IOException {
        try (ArrivalIndex index = open(0)) {
            index.note(0, 1000, false);
            index.note(50, 2000, false);
            index.note(50, 2000 + ArrivalIndex.RESOLUTION_MILLIS - 1, false);
            index.note(50, 3000, false);
        }
        assertEquals(List.of(0L, 1000L, 50L, 3000L), entries());
        try (ArrivalIndex index = open(50)) {
            index.note(50, 4000, false);
            index.note(60, 4010, false);
        }
        assertEquals(List.of(0L, 1000L, 50L, 4000L, 60L, 4010L), entries());
    }

    @Test
    void whatIsSetApart_hasItsOwnEntry_howeverSoonItComes() throws IOException {
        try (ArrivalIndex index = open(0)) {
            index.note(0, 1000, false);
            index.note(50, 1001, true);
        }
        assertEquals(List.of(0L, 1000L, 50L, 1001L), entries());
    }
}
