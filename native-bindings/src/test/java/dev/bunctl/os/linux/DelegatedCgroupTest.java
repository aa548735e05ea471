package dev.bunctl.os.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.SpawnPlan.Containment;
import dev.bunctl.os.api.Witness;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that is not root, in a group that was delegated to its user: its limits hold as well. */
@Tag("vm")
@Timeout(120)
final class DelegatedCgroupTest {
    private static final String NOBODY = "65534";

    @TempDir
    Path shared;

    private int copies;

    /** The daemon: starts a guard and a hog, says where its groups are and how the hog ended. */
    static final class Daemon {
        private Daemon() {}

        public static void main(String[] arguments) throws Exception {
            try (GuardProcess guard = GuardProcess.start(Path.of(arguments[0]));
                    LinuxPlatform platform = guard.open()) {
                System.out.println(platform.capabilities()
                        .find("limits.memory")
                        .orElseThrow()
                        .cause());
                Containment limit = new Containment(
                        Optional.of(50L << 20),
                        Optional.empty(),
                        Optional.of(100.0),
                        OptionalInt.empty(),
                        OptionalInt.of(100));
                Witness witness = new Witness();
                platform.processes()
                        .spawn(
                                Plans.limited(
                                        Plans.shell(new ProcessKey("hog:0", 1), "head -c 200000000 /dev/zero | tail"),
                                        limit),
                                witness,
                                Runnable::run);
                var _ = witness.next(Witness.Told.Spawned.class);
                System.out.println(
                        witness.next(Witness.Told.MemoryExhausted.class).key());
                var _ = witness.next(Witness.Told.Ended.class);
            }
        }
    }

    private static void own(Path path) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("chown", NOBODY + ":" + NOBODY, path.toString())
                        .start()
                        .waitFor());
    }

    /** What the build made may lie where only its own user can read: a copy for everybody. */
    private Path copied(Path source) throws IOException {
        Path target = shared.resolve(copies++ + "-" + source.getFileName());
        try (Stream<Path> all = Files.walk(source)) {
            for (Path each : all.toList()) {
                Files.copy(each, target.resolve(source.relativize(each).toString()));
            }
        }
        return target;
    }

    @Test
    void daemonOfAnotherUser_makesItsGroupsInTheDelegatedOne_andItsLimitsHold() throws Exception {
        Path group = Files.createDirectory(Path.of("/sys/fs/cgroup/delegated"));
        for (String file : List.of("", "cgroup.procs", "cgroup.subtree_control", "cgroup.threads")) {
            own(group.resolve(file));
        }
        List<String> classPath = new ArrayList<>();
        String own = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : List.of(own.split(File.pathSeparator))) {
            if (Files.exists(Path.of(entry))) {
                classPath.add(copied(Path.of(entry)).toString());
            }
        }
        Path home = Files.createDirectory(shared.resolve("home"));
        own(home);
        Process daemon = new ProcessBuilder(
                        "sh",
                        "-c",
                        "chmod -R a+rX \"$1\"; echo $$ >\"$2/cgroup.procs\" && shift 2 && exec setpriv --reuid="
                                + NOBODY + " --regid=" + NOBODY + " --clear-groups \"$@\"",
                        "sh",
                        shared.toString(),
                        group.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Duser.home=" + home,
                        "-Djava.io.tmpdir=" + home,
                        "-Dbunctl.guard=" + copied(GuardProcess.binary()),
                        "-cp",
                        String.join(File.pathSeparator, classPath),
                        Daemon.class.getName(),
                        home.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> said = new String(daemon.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, daemon.waitFor(), said.toString());
        assertEquals(2, said.size(), said.toString());
        assertEquals(
                "cgroup v2 in " + group, said.get(0).substring(0, said.get(0).lastIndexOf("/bunctl-")));
        assertEquals("hog:0#1", said.get(1));
    }
}
