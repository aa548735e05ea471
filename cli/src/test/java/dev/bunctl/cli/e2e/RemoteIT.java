package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.preload.FreePorts;
import dev.bunctl.bridge.server.Certificates;
import dev.bunctl.bridge.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A daemon that is steered from another home, over TLS, as from another host. */
@Timeout(120)
class RemoteIT {
    private static final String COUNTING = "let n = 0; setInterval(() => console.log(`line ${n++}`), 20);";
    private static final Path EXAMPLES = Path.of("../docs/examples").toAbsolutePath();

    private final Bunctl there = new Bunctl();
    private final Bunctl here = new Bunctl();
    private String host = "";
    private String fingerprint = "";

    @BeforeEach
    void listen() throws IOException {
        int port = FreePorts.one();
        there.write("count.ts", COUNTING);
        there.run("start", "count.ts", "--name", "count").succeeded();
        Map<String, Object> listening = there.run("listen", "--port", Integer.toString(port), "--json")
                .succeeded()
                .json();
        host = "127.0.0.1:" + listening.get("port");
        fingerprint = String.valueOf(listening.get("fingerprint"));
    }

    @AfterEach
    void close() {
        try (there;
                here) {
            here.without("BUNCTL_TOKEN");
        }
    }

    private void login(String role) {
        String token = there.run("token", "create", "--name", "one " + role, "--role", role)
                .succeeded()
                .out()
                .strip();
        here.with("BUNCTL_TOKEN", token);
    }

    private String[] line(String... command) {
        List<String> words = new ArrayList<>(List.of("--host", host, "--fingerprint", fingerprint));
        words.addAll(List.of(command));
        return words.toArray(String[]::new);
    }

    private Bunctl.Result remotely(String... command) {
        return here.run(line(command));
    }

    private List<Map<String, Object>> audited() throws IOException {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (String entry : Files.readAllLines(there.home().resolve("audit.log"))) {
            entries.add(Json.readObject(entry));
        }
        return entries;
    }

    @Test
    void everyRole_mayDoWhatItIsFor_andNoMore() throws IOException {
        login("observer");
        assertEquals(1, remotely("status", "--json").succeeded().apps().size());
        remotely("stop", "count").failedWith(6);

        login("operator");
        remotely("restart", "count").succeeded();
        remotely("restart", "count", "--update-env").failedWith(6);
        remotely("delete", "count").failedWith(6);
        remotely("token", "list").failedWith(6);
        here.write("own.ts", COUNTING);
        remotely("start", "own.ts").failedWith(6);

        login("admin");
        remotely("start", "own.ts", "--name", "own").succeeded();
        assertEquals("online", there.status("own:0").get("state"));
        remotely("delete", "own").succeeded();

        assertTrue(
                audited().stream()
                        .anyMatch(entry -> "delete".equals(entry.get("command"))
                                && "token one operator".equals(entry.get("who"))
                                && "127.0.0.1".equals(entry.get("from"))
                                && "FORBIDDEN".equals(entry.get("code"))),
                () -> there.home() + " has no entry of the refusal");
        assertFalse(Files.exists(here.home().resolve("run/bunctl.sock")), "a daemon was started here");
    }

    @Test
    void nobodyComesIn_withoutARightToken_norToADaemonThatIsNotKnown() throws IOException {
        here.run("--host", host, "--fingerprint", fingerprint, "status").failedWith(2);
        here.with("BUNCTL_TOKEN", "bunctl_wrong");
        remotely("status").failedWith(6);
        assertTrue(audited().stream()
                .anyMatch(entry -> "login".equals(entry.get("command"))
                        && "refused".equals(entry.get("result"))
                        && "127.0.0.1".equals(entry.get("from"))));

        login("observer");
        String unknown = here.run("--host", host, "status").failedWith(6).err();
        assertTrue(unknown.contains(fingerprint) && unknown.contains("not known here"), unknown);
        here.run("--host", host, "--fingerprint", "00".repeat(32), "status").failedWith(6);

        here.run("--host", host, "--trust", "status").succeeded();
        here.run("--host", host, "status").succeeded();
        Path known = here.home().resolve("known_hosts");
        Files.writeString(known, host + " " + "00:".repeat(31) + "00\n");
        String other =
                here.run("--host", host, "--trust", "status").failedWith(6).err();
        assertTrue(other.contains("another before"), other);

        here.run(
                        "--host",
                        host,
                        "--ca",
                        there.home().resolve("tls/certificate.pem").toString(),
                        "status")
                .succeeded();
        here.run("--host", host, "--no-tls", "status").failedWith(8);
    }

    @Test
    void follow_goesOn_whenTheDaemonThereIsKilled() throws Exception {
        login("observer");
        Bunctl.Running follow = here.start(line("logs", "count", "--raw", "-f", "-n", "0"));
        awaitLines(follow, 20);
        long killed = there.daemonPid();
        ProcessHandle.of(killed).orElseThrow().destroyForcibly();
        Bunctl.await(
                () -> "another daemon answers",
                () -> there.run("ping", "--json").json().get("daemon_pid") instanceof Long pid && pid != killed);
        int before = follow.printed().split("\n").length;
        awaitLines(follow, before + 50);

        follow.process().destroy();
        assertTrue(follow.process().waitFor(60, TimeUnit.SECONDS));
        List<String> lines = List.of(follow.printed().split("\n"));
        long first = number(lines.getFirst());
        for (int i = 0; i < lines.size() - 1; i++) {
            assertEquals("line " + (first + i), lines.get(i));
        }
    }

    private static long number(String line) {
        return Long.parseLong(line.substring("line ".length()));
    }

    private static void awaitLines(Bunctl.Running follow, int count) {
        Bunctl.await(
                () -> count + " lines came:\n" + follow.printed() + Bunctl.read(follow.err()),
                () -> follow.printed().split("\n").length >= count);
    }

    @Test
    void revokedToken_cutsWhoeverCameInByIt() throws Exception {
        login("observer");
        Bunctl.Running follow = here.start(line("logs", "count", "--raw", "-f", "-n", "0"));
        awaitLines(follow, 2);

        there.run("token", "revoke", "one observer").succeeded();

        Bunctl.Result cut = here.await(follow);
        assertTrue(cut.err().contains("token_ended"), cut.err());
        assertTrue(cut.exit() != 0, cut.toString());
        remotely("status").failedWith(6);
    }

    @Test
    void clientCertificate_isShown_whereOneIsAskedFor() throws Exception {
        login("observer");
        Certificates.Pair mine = Certificates.make(here.folder(), "mine");
        Certificates.Pair other = Certificates.make(here.folder(), "other");
        there.run("listen", "--tls-own", "--tls-ca", mine.certificate().toString())
                .succeeded();

        remotely("status").failedWith(8);
        shown(other, "status").failedWith(8);
        assertEquals(1, shown(mine, "status", "--json").succeeded().apps().size());
    }

    @Test
    void givenCertificate_isShown_andTrusted_andKeptByTheNextDaemon() throws Exception {
        login("observer");
        Certificates.Pair given = Certificates.make(there.folder(), "given");
        Map<String, Object> listening = there.run(
                        "listen",
                        "--tls-cert",
                        given.certificate().toString(),
                        "--tls-key",
                        given.key().toString(),
                        "--json")
                .succeeded()
                .json();
        assertEquals("files", listening.get("tls"));
        assertNotEquals(fingerprint, listening.get("fingerprint"));

        // The one that the daemon had made for itself is not what it shows any more.
        remotely("status").failedWith(6);
        trustingGiven(given, "status").succeeded();
        here.run("--host", host, "--fingerprint", String.valueOf(listening.get("fingerprint")), "status")
                .succeeded();
        there.run("kill").succeeded();
        there.run("start", "count").succeeded();
        trustingGiven(given, "logs", "count", "--nostream").succeeded();
    }

    @Test
    void certificateThatTheSettingsName_isShownFromTheStart() throws Exception {
        try (Bunctl written = new Bunctl()) {
            Certificates.Pair given = Certificates.make(written.folder(), "given");
            host = "127.0.0.1:" + FreePorts.one();
            Files.createDirectories(written.home());
            Files.writeString(written.home().resolve("daemon.json"), """
                    {"version": 1, "bridge": {"enabled": true, "port": %s, "tls": "files", "certificate": "%s", "key": "%s"}}
                    """.formatted(
                            host.substring(host.indexOf(':') + 1), given.certificate(), given.key()));
            String token = written.run("token", "create", "--name", "ci")
                    .succeeded()
                    .out()
                    .strip();
            here.with("BUNCTL_TOKEN", token);
            trustingGiven(given, "status").succeeded();
            assertFalse(Files.exists(written.home().resolve("tls")), "a certificate was made that nobody asked for");
        }
    }

    private Bunctl.Result trustingGiven(Certificates.Pair given, String... command) {
        List<String> words = new ArrayList<>(
                List.of("--host", host, "--ca", given.certificate().toString()));
        words.addAll(List.of(command));
        return here.run(words.toArray(String[]::new));
    }

    private Bunctl.Result shown(Certificates.Pair pair, String... command) {
        List<String> words = new ArrayList<>(List.of(
                "--cert", pair.certificate().toString(), "--key", pair.key().toString()));
        words.addAll(List.of(line(command)));
        return here.run(words.toArray(String[]::new));
    }

    @Test
    void listener_isKeptByTheNextDaemon_andClosedWhenTold() {
        login("observer");
        there.run("kill").succeeded();
        there.run("start", "count").succeeded();
        assertEquals(fingerprint, there.run("listen", "--show", "--json").json().get("fingerprint"));
        remotely("status").succeeded();

        there.run("listen", "--off").succeeded();

        remotely("status").failedWith(8);
        assertEquals("off\n", there.run("listen", "--show").succeeded().out());
    }

    @Test
    void listener_thatCannotListen_saysWhy_andStaysWhereItWas() throws IOException {
        login("observer");
        try (java.net.ServerSocket taken = new java.net.ServerSocket(FreePorts.one())) {
            Bunctl.Result refused = there.run("listen", "--port", Integer.toString(taken.getLocalPort()))
                    .failedWith(3);
            assertTrue(refused.err().contains("nothing was changed"), refused.err());
        }
        there.write("bad.pem", "no certificate");
        there.run("listen", "--tls-cert", "bad.pem", "--tls-key", "bad.pem").failedWith(3);
        there.run("listen", "--address", "0.0.0.0", "--no-tls").failedWith(3);

        remotely("status").succeeded();
    }

    @Test
    void commandsAboutThisHost_areRefused() {
        login("admin");
        for (String command : List.of("doctor", "update", "validate", "startup")) {
            String said = remotely(command).failedWith(2).err();
            assertTrue(said.contains("about this host"), said);
        }
        String said = there.run("status", "--host", host).failedWith(2).err();
        assertTrue(said.contains("in front of the command"), said);
    }

    @Test
    void examples_reachTheDaemonOverTls() {
        login("operator");
        here.with("BUNCTL_HOST", host)
                .with("BUNCTL_CA", there.home().resolve("tls/certificate.pem").toString());
        for (List<String> client : List.of(List.of("bun", "bus.mjs"), List.of("python3", "bus.py"))) {
            Bunctl.Result stopped = here.program(
                    Path.of("/usr/bin/env"),
                    client.getFirst(),
                    EXAMPLES.resolve(client.getLast()).toString(),
                    "restart",
                    "count");
            assertEquals("changed", stopped.succeeded().json().get("answer"), stopped.toString());
        }
    }
}
