package dev.bunctl.verticles.log.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.LogPolicy.Rotation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotationStepsTest {
    private static final Instant NOW = Instant.parse("2026-01-31T23:59:59.5Z");
    private static final Rotation KEEP_ALL =
            new Rotation(100, Optional.empty(), Optional.empty(), 1000, Optional.empty(), Long.MAX_VALUE / 2, false);
    private static final Rotation COMPRESS =
            new Rotation(100, Optional.empty(), Optional.empty(), 1000, Optional.empty(), Long.MAX_VALUE / 2, true);

    /** The world ends here; not an exception that code could catch by accident. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @TempDir
    private Path folder;

    private Path log;
    private final RotationSteps steps = new RotationSteps(RotationSteps.Faults.NONE);

    @BeforeEach
    void nameLog() {
        log = folder.resolve("api-out.log");
    }

    private RotationSteps dyingAfter(RotationSteps.Step fatal) {
        return new RotationSteps(step -> {
            if (step == fatal) {
                throw new Killed();
            }
        });
    }

    /** One life of a daemon: starts, writes a line, puts the log aside, tidies. */
    private void life(RotationSteps with, String line, Rotation policy) throws IOException {
        with.recover(log);
        long size = LogFolder.sizeOf(log);
        try (ArrivalIndex index = ArrivalIndex.open(LogFolder.indexOf(log), size)) {
            Files.writeString(
                    log, line, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
            index.note(size, NOW.toEpochMilli(), false);
        }
        with.tidy(log, policy, NOW);
        var _ = with.putAside(log, LogFolder.list(log).lastSequence() + 1, NOW);
        with.tidy(log, policy, NOW);
    }

    private String everything() throws IOException {
        StringBuilder all = new StringBuilder();
        for (RotatedFile file : LogFolder.list(log).files()) {
            all.append(content(file));
        }
        return all + (Files.exists(log) ? Files.readString(log) : "");
    }

    private static String content(RotatedFile file) throws IOException {
        if (file.plain().isPresent()) {
            return Files.readString(file.plain().get());
        }
        try (GZIPInputStream in =
                new GZIPInputStream(Files.newInputStream(file.compressed().orElseThrow()))) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            var _ = in.transferTo(out);
            return out.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void killedAfterAnyStep_losesNothing_andTheNextStartFinishes() throws IOException {
        Set<RotationSteps.Step> reached = EnumSet.noneOf(RotationSteps.Step.class);
        for (Rotation policy : List.of(KEEP_ALL, COMPRESS)) {
            for (RotationSteps.Step fatal : RotationSteps.Step.values()) {
                StringBuilder expected = new StringBuilder();
                for (int i = 0; i < 4; i++) {
                    String line = "line " + i + "\n";
                    expected.append(line);
                    try {
                        life(i == 1 || i == 2 ? dyingAfter(fatal) : steps, line, policy);
                    } catch (Killed e) {
                        reached.add(fatal);
                    }
                }
                assertEquals(expected.toString(), everything(), policy.compress() + " after " + fatal);
                LogFolder.Listing listing = LogFolder.list(log);
                assertEquals(List.of(), listing.unfinished(), "after " + fatal);
                for (RotatedFile file : listing.files()) {
                    assertTrue(file.index().isPresent(), file + " after " + fatal);
                    assertEquals(policy.compress(), file.compressed().isPresent(), file + " after " + fatal);
                    assertEquals(policy.compress(), file.plain().isEmpty(), file + " after " + fatal);
                }
                steps.deleteAll(log);
                Files.deleteIfExists(log);
                Files.deleteIfExists(LogFolder.indexOf(log));
            }
        }
        assertEquals(
                EnumSet.complementOf(
                        EnumSet.of(RotationSteps.Step.UNFINISHED_DELETED, RotationSteps.Step.EXPIRED_DELETED)),
                reached);
    }

    @Test
    void killedWhileOldFilesAreDeleted_theNextStartDeletesTheRest() throws IOException {
        Rotation keepOne = new Rotation(100, Optional.empty(), Optional.empty(), 1, Optional.empty(), 1000, false);
        for (int i = 0; i < 5; i++) {
            life(steps, "line " + i + "\n", KEEP_ALL);
        }
        assertThrows(
                Killed.class,
                () -> dyingAfter(RotationSteps.Step.EXPIRED_DELETED).tidy(log, keepOne, NOW));
        steps.tidy(log, keepOne, NOW);
        assertEquals("line 4\n", everything());
        try (var files = Files.list(folder)) {
            assertEquals(2, files.count());
        }
    }

    @Test
    void killedBesideAnUnfinishedCompression_itIsBegunAnew() throws IOException {
        life(steps, "line\n", KEEP_ALL);
        Path plain = LogFolder.list(log).files().getFirst().plain().orElseThrow();
        Files.writeString(plain.resolveSibling(plain.getFileName() + ".gz.tmp"), "half");
        assertThrows(
                Killed.class,
                () -> dyingAfter(RotationSteps.Step.UNFINISHED_DELETED).tidy(log, COMPRESS, NOW));
        steps.tidy(log, COMPRESS, NOW);
        assertEquals("line\n", everything());
    }

    @Test
    void twoRotationsInOneSecond_haveTwoNames_andATakenNameIsRefused() throws IOException {
        life(steps, "a\n", KEEP_ALL);
        life(steps, "b\n", KEEP_ALL);
        assertEquals(
                List.of("api-out.log.20260131-235959.1", "api-out.log.20260131-235959.2"),
                LogFolder.list(log).files().stream()
                        .map(file -> file.name().plain())
                        .toList());
        Files.writeString(log, "c\n");
        assertThrows(FileAlreadyExistsException.class, () -> steps.putAside(log, 2, NOW));
        assertEquals("a\nb\nc\n", everything());
    }

    @Test
    void onlyExactNames_belongToALog() {
        for (String other : List.of(
                "api-out.log",
                "api-out.log.idx",
                "api-out.log.1",
                "api-out.log.20260131-235959",
                "api-out.log.20260131-235959.0",
                "api-out.log.20260131-235959.01",
                "api-out.log.20260131-235959.1.zip",
                "api-out.log.20261331-235959.1",
                "api-out.log.20260131-235959.1000000000000",
                "api-out.log2.20260131-235959.1",
                "api-out-1.log.20260131-235959.1",
                "api-gateway-out.log.20260131-235959.1",
                "xapi-out.log.20260131-235959.1")) {
            assertEquals(Optional.empty(), RotatedName.parse("api-out.log", other), other);
        }
        RotatedName most = new RotatedName("api-out.log", NOW, RotatedName.MAX_SEQUENCE);
        assertEquals(
                Optional.of(new RotatedName.Part(most, ".gz")), RotatedName.parse("api-out.log", most.plain() + ".gz"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new RotatedName("api-out.log", NOW, RotatedName.MAX_SEQUENCE + 1));
    }

    private static RotatedFile file(long sequence, Duration age, long bytes) {
        RotatedName name = new RotatedName("x", NOW.minus(age), sequence);
        return new RotatedFile(name, Optional.of(Path.of("/x")), Optional.empty(), Optional.empty(), bytes);
    }

    private static List<Long> expired(List<RotatedFile> files, long live, Rotation policy) {
        return Retention.expired(files, live, policy, NOW).stream()
                .map(RotatedFile::sequence)
                .toList();
    }

    @Test
    void retention_keepsCountAgeAndTotal_andDeletesTheOldestFirst() {
        List<RotatedFile> files = List.of(
                file(1, Duration.ofDays(3), 10), file(2, Duration.ofDays(2), 10), file(3, Duration.ofDays(1), 10));
        assertEquals(List.of(), expired(files, 70, rotation(3, Optional.empty(), 100)));
        assertEquals(List.of(1L), expired(files, 70, rotation(2, Optional.empty(), 100)));
        assertEquals(List.of(1L), expired(files, 71, rotation(3, Optional.empty(), 100)));
        assertEquals(List.of(1L, 2L), expired(files, 81, rotation(3, Optional.empty(), 100)));
        assertEquals(
                List.of(1L),
                expired(files, 0, rotation(3, Optional.of(Duration.ofDays(2).plusHours(1)), 100)));
        assertEquals(List.of(1L, 2L, 3L), expired(files, 0, rotation(0, Optional.empty(), 100)));
    }

    private static Rotation rotation(int keep, Optional<Duration> maxAge, long total) {
        return new Rotation(1, Optional.empty(), Optional.empty(), keep, maxAge, total, false);
    }

    @Test
    void periods_startAtLocalMidnight() {
        java.time.ZoneId berlin = java.time.ZoneId.of("Europe/Berlin");
        Instant noon = Instant.parse("2026-07-01T10:30:00Z");
        assertEquals(Instant.parse("2026-07-01T10:00:00Z"), Retention.periodStart(noon, Duration.ofHours(1), berlin));
        assertEquals(Instant.parse("2026-07-01T11:00:00Z"), Retention.nextPeriod(noon, Duration.ofHours(1), berlin));
        assertEquals(Instant.parse("2026-06-30T22:00:00Z"), Retention.periodStart(noon, Duration.ofDays(1), berlin));
        assertEquals(Instant.parse("2026-07-01T22:00:00Z"), Retention.nextPeriod(noon, Duration.ofDays(1), berlin));
        Instant changeOfClocks = Instant.parse("2026-03-29T00:30:00Z");
        assertEquals(
                Instant.parse("2026-03-29T22:00:00Z"),
                Retention.nextPeriod(changeOfClocks, Duration.ofDays(1), berlin));
        Instant week = Retention.periodStart(noon, Duration.ofDays(7), berlin);
        assertEquals(
                week,
                Retention.periodStart(
                        Retention.nextPeriod(noon, Duration.ofDays(7), berlin).minusMillis(1),
                        Duration.ofDays(7),
                        berlin));
        assertTrue(Retention.nextPeriod(noon, Duration.ofDays(7), berlin).isAfter(noon));
    }
}
