package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

/** What a root daemon's programs of other users find. */
class OtherUserIT {
    @Test
    void programOfAnotherUser_isHeardAndTold_andLeavesNothingOutsideTheHome() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can run a program as another user");
        try (Bunctl bunctl = new Bunctl()) {
            Path _ = Files.setPosixFilePermissions(bunctl.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
            // Where Bun lies may be closed to others.
            Path bun = Files.copy(
                    Path.of(BunOnHost.folder(), "bun").toRealPath(),
                    bunctl.folder().resolve("bun"),
                    StandardCopyOption.COPY_ATTRIBUTES);
            bunctl.write("speaks.mjs", """
                    process.on("message", (message) => { console.log(`told ${message}`); process.exit(0); });
                    console.log(`up as ${process.getuid()}`);
                    process.send("ready");
                    setInterval(() => {}, 1000);
                    """);
            bunctl.write(
                    "bunctl.json",
                    "{\"apps\": [{\"name\": \"s\", \"script\": \"speaks.mjs\", \"interpreter\": \"" + bun
                            + "\", \"uid\": 65534, \"gid\": 65534, \"wait_ready\": true, \"shutdown_with_message\": true,"
                            + " \"kill_timeout\": 60000}]}");
            bunctl.run("start").succeeded();
            Path preload =
                    Path.of(HostProcesses.read(bunctl.pid("s:0"), "cmdline").split("\0")[2]);
            bunctl.run("stop", "s").succeeded();
            assertEquals("up as 65534\ntold shutdown\n", bunctl.log("s-out.log"));
            bunctl.run("kill").succeeded();
            Bunctl.await(() -> preload + " is gone", () -> Files.notExists(preload.getParent()));
            assertFalse(Files.exists(preload.getParent().getParent()));
        }
    }
}
