package dev.bunctl.verticles.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneOffset.UTC);

    @TempDir
    private Path home;

    static DesiredState state(String... names) {
        LinkedHashMap<String, DesiredApp> apps = new LinkedHashMap<>();
        int id = 0;
        for (String name : names) {
            List<DesiredInstance> instances =
                    List.of(new DesiredInstance(id++, 0, Intent.RUN), new DesiredInstance(id++, 1, Intent.STOP));
            Optional<Origin> origin = Optional.of(new Origin(Path.of("/srv/" + id + ".json"), Optional.of("x"), true));
            apps.put(name, new DesiredApp(Specs.of(name, 2, List.of()), instances, id > 2 ? origin : Optional.empty()));
        }
        return new DesiredState(id, "boot", apps);
    }

    private StateFile file() {
        return new StateFile(home, CLOCK);
    }

    private Path json() {
        return home.resolve("state/desired.json");
    }

    @Test
    void load_withoutFile_isEmpty() throws IOException {
        assertEquals(new StateFile.Loaded(DesiredState.empty("b1"), List.of()), file().load("b1"));
    }

    @Test
    void load_afterSave_isTheSame() throws IOException {
        DesiredState saved = state("api", "worker ü");

        file().save(DesiredState.empty(""), saved);

        assertEquals(saved, file().load("other").state());
    }

    @Test
    void save_makesFileAndFolderForTheOwnerAlone() throws IOException {
        file().save(DesiredState.empty(""), state("api"));

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(json())));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(json().getParent())));
    }

    @Test
    void load_truncatedAtAnyByte_isSetAsideWhole() throws IOException {
        byte[] whole = DesiredStateCodec.print(state("api"));
        Files.createDirectories(json().getParent());
        Path aside = json().resolveSibling("desired.json.corrupt-20260102-030405-678");
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            Files.write(json(), part);

            StateFile.Loaded loaded = file().load("b");

            assertEquals(DesiredState.empty("b"), loaded.state(), "cut at " + length);
            assertEquals(1, loaded.warnings().size(), "cut at " + length);
            assertTrue(
                    loaded.warnings().getFirst().contains(aside.toString()),
                    loaded.warnings().getFirst());
            assertArrayEquals(part, Files.readAllBytes(aside), "cut at " + length);
            assertFalse(Files.exists(json()), "cut at " + length);
        }
    }

    @Test
    void load_ofNewerVersion_isSetAsideAndSaysSo() throws IOException {
        write(new String(DesiredStateCodec.print(state("api")), StandardCharsets.UTF_8)
                .replaceFirst("\"version\":1", "\"version\":2"));

        String warning = file().load("b").warnings().getFirst();

        assertTrue(warning.contains("a newer bunctl wrote it: version 2, this one reads up to 1"), warning);
    }

    @Test
    void load_ofWrongMembers_isSetAside() throws IOException {
        for (String wrong : List.of(
                "[]",
                "{}",
                "{\"version\":0}",
                "{\"version\":1,\"next_id\":-1,\"boot_id\":\"\",\"apps\":[]}",
                "{\"version\":1,\"next_id\":0,\"boot_id\":\"\",\"apps\":{}}",
                "{\"version\":1,\"next_id\":0,\"boot_id\":7,\"apps\":[]}",
                "{\"version\":1,\"next_id\":0,\"boot_id\":\"\",\"apps\":[{\"instances\":[],\"spec\":{}}]}",
                "\u0000")) {
            write(wrong);

            assertEquals(1, file().load("b").warnings().size(), wrong);
        }
    }

    @Test
    void load_ofDuplicateIds_isSetAside() throws IOException {
        write(new String(DesiredStateCodec.print(state("api")), StandardCharsets.UTF_8)
                .replace("\"id\":1", "\"id\":0"));

        String warning = file().load("b").warnings().getFirst();

        assertTrue(warning.contains("id 0 is given twice"), warning);
    }

    @Test
    void load_ofEveryReleasedVersion_isUnderstood() throws IOException {
        try (Stream<Path> corpus = Files.list(Path.of("src/test/resources/state"))) {
            List<Path> files = corpus.sorted().toList();
            assertEquals(DesiredStateCodec.VERSION, files.size());
            for (Path each : files) {
                DesiredState read = DesiredStateCodec.parse(Files.readAllBytes(each));

                assertEquals(List.of("api"), List.copyOf(read.apps().keySet()), each.toString());
                assertEquals(2, read.instanceCount(), each.toString());
            }
        }
    }

    @Test
    void load_ofLargerFile_isRefusedAndLeftAlone() throws IOException {
        StateFiles small = new FaultyFiles(Integer.MAX_VALUE) {
            @Override
            public byte[] read(Path path, int limit) throws IOException {
                return super.read(path, 10);
            }
        };
        write("{\"version\":1,");

        assertThrows(IOException.class, () -> new StateFile(home, CLOCK, small).load("b"));
        assertTrue(Files.exists(json()));
    }

    @Test
    void save_killedBetweenAnyTwoSteps_leavesOldOrNew() throws IOException {
        DesiredState former = state("api");
        DesiredState next = state("api", "worker");
        file().save(DesiredState.empty(""), former);
        for (int steps = 0; ; steps++) {
            FaultyFiles files = new FaultyFiles(steps);
            files.killed = true;
            boolean finished;
            try {
                new StateFile(home, CLOCK, files).save(former, next);
                finished = true;
            } catch (FaultyFiles.KilledException e) {
                finished = false;
            }
            StateFile.Loaded loaded = file().load("b");
            assertEquals(List.of(), loaded.warnings(), "killed after step " + steps);
            assertTrue(loaded.state().equals(former) || loaded.state().equals(next), "killed after step " + steps);
            if (finished) {
                assertEquals(next, loaded.state());
                return;
            }
            file().save(next, former);
        }
    }

    @Test
    void save_failingAtAnyStep_leavesTheFormerState() throws IOException {
        DesiredState former = state("api");
        file().save(DesiredState.empty(""), former);
        int steps = 0;
        while (true) {
            FaultyFiles files = new FaultyFiles(steps);
            try {
                new StateFile(home, CLOCK, files).save(former, state("api", "worker"));
                assertTrue(steps >= 4, "only " + steps + " steps");
                return;
            } catch (IOException e) {
                assertEquals(former, file().load("b").state(), "failed at step " + steps);
                assertFalse(Files.exists(json().resolveSibling("desired.json.new")), "failed at step " + steps);
            }
            steps++;
        }
    }

    private void write(String text) throws IOException {
        Files.createDirectories(json().getParent());
        Files.writeString(json(), text);
    }
}
