package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As a service of a systemd that lives: inside a virtual machine, as root. */
@Tag("vm")
@Timeout(280)
class SystemdVmTest {
    private static final Path SYSTEMD = Path.of("/usr/lib/systemd/systemd");

    @TempDir
    Path folder;

    private Path script(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = SystemdVmTest.class.getResourceAsStream("/systemd/" + name)) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }

    @Test
    void service_isInstalled_outlivesItsProcesses_reloads_stopsAndGoes() throws Exception {
        assumeTrue(Files.isExecutable(SYSTEMD), "this host has no systemd");
        Path _ = script("service.sh");
        Process systemd = new ProcessBuilder(
                        "bash",
                        script("boot.sh").toString(),
                        folder.toString(),
                        Bunctl.DISTRIBUTION.resolve("bin/bunctl").toString(),
                        System.getProperty("java.home"))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("systemd").toFile())
                .start();
        int _ = systemd.waitFor();
        assertEquals(
                List.of(
                        "startup: active, enabled",
                        "main process: the guard",
                        "daemon killed: runs on, service active",
                        "guard killed: runs on, service active",
                        "both killed: runs on, service active",
                        "reload: runs on, service active",
                        "stop: inactive, app ended",
                        "start: runs on, service active",
                        "unstartup: unit gone, runs on, service active",
                        "kill: app ended"),
                Bunctl.read(folder.resolve("out")).lines().toList(),
                () -> Bunctl.read(folder.resolve("systemd"))
                        + Bunctl.read(folder.resolve("err"))
                        + Bunctl.read(folder.resolve("h/daemon.log")));
    }
}
