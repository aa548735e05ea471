package dev.bunctl.verticles.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.CrashRecord;
import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.Signal;
import dev.bunctl.verticles.lifecycle.Cause;
import dev.bunctl.verticles.lifecycle.Counters;
import dev.bunctl.verticles.lifecycle.Ending;
import dev.bunctl.verticles.lifecycle.Memory;
import dev.bunctl.verticles.lifecycle.Now;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RuntimeFilesTest {
    private static final Instant WALL = Instant.parse("2026-01-01T00:00:00Z");
    private static final Now NOW = new Now(Duration.ofMinutes(100), WALL, 0);
    private static final Memory MEMORY = new Memory(
            new Counters(7, 3, 2, List.of(Duration.ofMinutes(99))),
            List.of(
                    ending(4, Optional.empty()),
                    ending(5, Optional.of(new ExitStatus.Unknown())),
                    ending(6, Optional.of(new ExitStatus.Killed(Signal.SEGV, true))),
                    ending(7, Optional.of(new ExitStatus.Code(1)))),
            OptionalInt.of(1),
            6,
            Map.of(7, new Cause(CrashRecord.Kind.USER, "stopped by user")),
            Optional.of(new Memory.Ended(true, "given up")));

    private static Ending ending(int generation, Optional<ExitStatus> status) {
        Cause cause = new Cause(CrashRecord.Kind.CODE, "exit code 1");
        return new Ending(
                generation, 42, WALL, cause, status, Duration.ofMillis(5), "starts again", List.of("oh", "no"));
    }

    @TempDir
    private Path folder;

    @Test
    void record_isReadBackWithItsTimesMovedToTheNewClock() throws IOException {
        RuntimeFiles files = new RuntimeFiles(folder);
        files.save("api:0", RuntimeRecord.of(MEMORY, "boot", NOW));
        Now later = new Now(Duration.ofMinutes(3), WALL.plusSeconds(120), 0);
        Memory recalled = files.load("api:0").orElseThrow().recall("boot", later);
        assertEquals(List.of(Duration.ZERO), recalled.counters().window());
        assertEquals(MEMORY.history(), recalled.history());
        assertEquals(MEMORY.ended(), recalled.ended());
        assertEquals(MEMORY.told(), recalled.told());
        assertEquals(7, recalled.counters().generation());
    }

    @Test
    void afterAnotherBoot_onlyTheGenerationAndTheHistoryRemain() {
        Memory recalled = RuntimeRecord.of(MEMORY, "boot", NOW).recall("other boot", NOW);
        assertEquals(new Counters(7, 0, 0, List.of()), recalled.counters());
        assertEquals(MEMORY.history(), recalled.history());
        assertEquals(Optional.empty(), recalled.ended());
        assertEquals(Map.of(), recalled.told());
    }

    @Test
    void file_isForItsOwnerAloneAndLeavesNoTemporary() throws IOException {
        new RuntimeFiles(folder).save("api:0", RuntimeRecord.of(MEMORY, "boot", NOW));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("api%3A0.runtime.json"))));
        try (var all = Files.list(folder)) {
            assertEquals(1, all.count());
        }
    }

    @Test
    void corruptFile_isSetAsideNotDeleted() throws IOException {
        Path file = folder.resolve("api%3A0.runtime.json");
        Path _ = Files.writeString(file, "{\"version\":1,");
        assertEquals(Optional.empty(), new RuntimeFiles(folder).load("api:0"));
        assertFalse(Files.exists(file));
        assertEquals("{\"version\":1,", Files.readString(folder.resolve("api%3A0.runtime.json.corrupt")));
    }

    @Test
    void fileOfAnotherShape_isSetAside() throws IOException {
        Path _ = Files.writeString(folder.resolve("api%3A0.runtime.json"), "{\"version\":1,\"generation\":\"x\"}");
        assertEquals(Optional.empty(), new RuntimeFiles(folder).load("api:0"));
    }

    @Test
    void fileLargerThanTheLimit_isSetAside() throws IOException {
        Path _ = Files.write(folder.resolve("api%3A0.runtime.json"), new byte[RuntimeFiles.MAX_BYTES + 1]);
        assertEquals(Optional.empty(), new RuntimeFiles(folder).load("api:0"));
    }

    @Test
    void deleted_leavesNothing() throws IOException {
        RuntimeFiles files = new RuntimeFiles(folder);
        files.save("api:0", RuntimeRecord.of(MEMORY, "boot", NOW));
        files.delete("api:0");
        files.delete("api:0");
        try (var all = Files.list(folder)) {
            assertEquals(0, all.count());
        }
    }

    @Test
    void fileName_holdsNoForeignCharactersAndFitsWhateverTheName() {
        assertEquals("a%2F%2E%2E%2Fb", RuntimeFiles.fileName("a/../b"));
        String long1 = "ä".repeat(64) + ":1";
        String long2 = "ä".repeat(64) + ":2";
        assertEquals(RuntimeFiles.MAX_NAME, RuntimeFiles.fileName(long1).length());
        assertNotEquals(RuntimeFiles.fileName(long1), RuntimeFiles.fileName(long2));
        String atLimit = "a".repeat(RuntimeFiles.MAX_NAME);
        assertEquals(atLimit, RuntimeFiles.fileName(atLimit));
        assertTrue(RuntimeFiles.fileName(atLimit + "b").startsWith("aaa"));
        assertEquals(RuntimeFiles.MAX_NAME, RuntimeFiles.fileName(atLimit + "b").length());
    }
}
