package dev.bunctl.cli.full.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownHostsTest {
    @TempDir
    private Path folder;

    @Test
    void remembered_isFoundByHostAndPort() throws Exception {
        KnownHosts known = new KnownHosts(folder.resolve("home"));

        known.remember("h", 1, "AA");
        known.remember("h", 12, "BB");
        known.remember("::1", 1, "CC");

        KnownHosts later = new KnownHosts(folder.resolve("home"));
        assertEquals(Optional.of("AA"), later.fingerprint("h", 1));
        assertEquals(Optional.of("BB"), later.fingerprint("h", 12));
        assertEquals(Optional.of("CC"), later.fingerprint("::1", 1));
        assertEquals(Optional.empty(), later.fingerprint("other", 1));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(known.file())));
    }
}
