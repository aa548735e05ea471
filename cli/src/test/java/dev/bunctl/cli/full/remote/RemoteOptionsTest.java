package dev.bunctl.cli.full.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.cli.full.remote.RemoteOptions.Trust;
import dev.bunctl.cli.thin.LinkRefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteOptionsTest {
    private static final String PRINT = "AB:".repeat(31) + "AB";

    private static RemoteOptions read(String line) throws LinkRefusedException {
        return RemoteOptions.read(List.of(line.split(" ")), Map.of("BUNCTL_TOKEN", "inherited"))
                .orElseThrow();
    }

    @Test
    void commandForThisHost_isLeftAlone() throws LinkRefusedException {
        assertEquals(Optional.empty(), RemoteOptions.read(List.of("start", "--host", "x"), Map.of()));
        assertEquals(Optional.empty(), RemoteOptions.read(List.of(), Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "example.org,example.org,9616",
        "example.org:80,example.org,80",
        "192.0.2.1:1,192.0.2.1,1",
        "[::1]:65535,::1,65535",
        "[::1],::1,9616",
        "2001:db8::1,2001:db8::1,9616"
    })
    void host_mayHaveAPort(String where, String host, int port) throws LinkRefusedException {
        RemoteOptions options = read("--host " + where + " status");
        assertEquals(host, options.host());
        assertEquals(port, options.port());
    }

    @Test
    void wordsBehind_areTheCommand() throws LinkRefusedException {
        assertArrayEquals(
                new String[] {"logs", "--host", "-f"},
                read("--token=t --host=h logs --host -f").argv());
        assertEquals("t", read("--token=t --host=h logs").token());
    }

    @Test
    void trust_isTold_andElseWhatIsKnown() throws LinkRefusedException {
        assertEquals(new Trust.Known(false), read("--host h status").trust());
        assertEquals(new Trust.Known(true), read("--host h --trust status").trust());
        assertEquals(new Trust.Unencrypted(), read("--host h --no-tls status").trust());
        assertEquals(
                new Trust.Authority(Path.of("ca.pem")),
                read("--host h --ca ca.pem status").trust());
        assertEquals(
                new Trust.Fingerprint(PRINT),
                read("--host h --fingerprint " + PRINT + " status").trust());
        assertEquals(
                new Trust.Fingerprint(PRINT),
                read("--host h --fingerprint " + "ab".repeat(32) + " status").trust());
    }

    @Test
    void token_isTakenFromItsFile_orTheEnvironment(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "filed\n");

        assertEquals("filed", read("--host h --token-file " + file + " status").token());
        assertEquals("inherited", read("--host h status").token());
    }

    @ParameterizedTest
    @CsvSource({
        "--host, needs a value",
        "--trust status, goes with --host",
        "--token t status, goes with --host",
        "--host :1 status, not ':1'",
        "--host h:0 status, 1 to 65535",
        "--host h:x status, is no port",
        "--host h --token a --token-file b status, one of --token and --token-file",
        "--host h --trust --ca f status, cannot be given together",
        "--host h --fingerprint AB status, 64 hexadecimal digits",
        "--host h --cert c status, go together",
        "--host h --token-file /nonexistent/token status, cannot be read"
    })
    void whatMakesNoSense_isRefusedWithItsCause(String line, String cause) {
        LinkRefusedException refused = assertThrows(LinkRefusedException.class, () -> read(line));

        assertTrue(String.valueOf(refused.getMessage()).contains(cause), refused.getMessage());
    }

    @Test
    void withoutAnyToken_nobodyIsAsked() {
        LinkRefusedException refused = assertThrows(
                LinkRefusedException.class, () -> RemoteOptions.read(List.of("--host", "h", "status"), Map.of()));

        assertTrue(refused.hint().contains("BUNCTL_TOKEN"), refused.hint());
    }
}
