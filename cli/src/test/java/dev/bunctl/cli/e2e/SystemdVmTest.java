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
    private static final Path LOGIND = Path.of("/usr/lib/systemd/systemd-logind");
    private static final Path POLKIT = Path.of("/usr/lib/polkit-1/polkitd");

    @TempDir
    Path folder;

    private Path script(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = SystemdVmTest.class.getResourceAsStream("/systemd/" + name)) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }

    /** Boots up to a unit, and runs a script that ends it all. */
    private Process boot(String name, String unit) throws IOException {
        assumeTrue(Files.isExecutable(SYSTEMD), "this host has no systemd");
        Path _ = script("common.sh");
        Path _ = script(name);
        return new ProcessBuilder(
                        "bash",
                        script("boot.sh").toString(),
                        folder.toString(),
                        name,
                        unit,
                        Bunctl.DISTRIBUTION.resolve("bin/bunctl").toString(),
                        System.getProperty("java.home"))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("systemd").toFile()))
                .start();
    }

    private List<String> findings() {
        return Bunctl.read(folder.resolve("out")).lines().toList();
    }

    private String said() {
        return Bunctl.read(folder.resolve("systemd"))
                + Bunctl.read(folder.resolve("err"))
                + Bunctl.read(folder.resolve("h/daemon.log"));
    }

    @Test
    void service_isInstalled_outlivesItsProcesses_reloads_stopsAndGoes() throws Exception {
        int _ = boot("service.sh", "bunctl-test.service").waitFor();
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
                findings(),
                this::said);
    }

    /** The next boot has another id, and nobody logs in. */
    @Test
    void afterAPowerCut_theServicesOfHostAndUserAreBack_withTheirAppsInOrder() throws Exception {
        assumeTrue(Files.isExecutable(POLKIT) && Files.isExecutable(LOGIND), "this host has no logind or no polkit");
        Process before = boot("install.sh", "bunctl-test.service");
        Bunctl.await(
                () -> "all was set: " + findings() + said(),
                () -> findings().contains("all is set") || !before.isAlive());
        int _ = before.destroyForcibly().waitFor();
        int _ = boot("back.sh", "multi-user.target").waitFor();
        assertEquals(
                List.of(
                        "host: active, enabled, first second ",
                        "user: active, enabled, lingers",
                        "user's guard killed: app runs on",
                        "all is set",
                        "host: active, first second ",
                        "user: active, lingers",
                        "undone: not enabled, lingers no more"),
                findings(),
                this::said);
    }
}
