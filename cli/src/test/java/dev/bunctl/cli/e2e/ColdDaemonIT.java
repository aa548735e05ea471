package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No daemon yet, or several at once. */
class ColdDaemonIT {
    @Test
    void commandsThatOnlyAsk_startNoDaemon() {
        try (Bunctl bunctl = new Bunctl()) {
            assertEquals(
                    "{\"version\":1,\"apps\":[]}\n",
                    bunctl.run("status", "--json").succeeded().out());
            assertEquals(
                    "{\"version\":1,\"apps\":[]}\n",
                    bunctl.run("list", "--json").succeeded().out());
            Bunctl.Result status = bunctl.run("status").succeeded();
            assertTrue(status.err().contains("no daemon runs"), status.err());
            bunctl.run("ping").failedWith(8);
            assertTrue(bunctl.run("ping", "--json").failedWith(8).json().containsKey("daemon_pid"));
            bunctl.run("stop", "api").failedWith(8);
            assertTrue(bunctl.run("--help").succeeded().out().contains("start"));
            assertTrue(bunctl.run("stop", "--help").succeeded().out().contains("bunctl stop"));
            assertEquals("0.1.0\n", bunctl.run("--version").succeeded().out());
            assertTrue(bunctl.run("completion", "bash").succeeded().out().contains("bunctl"));
            bunctl.run("nonsense").failedWith(2);
            bunctl.run("start", "missing.ts").failedWith(5);
            bunctl.run("kill").succeeded();
            assertEquals(List.of(), bunctl.processes());
            assertFalse(Files.exists(bunctl.home()));
        }
    }

    @Test
    void tenColdStartsAtOnce_areServedByOneDaemon() {
        try (Bunctl bunctl = new Bunctl()) {
            List<Bunctl.Running> starts = new ArrayList<>();
            for (int n = 0; n < 10; n++) {
                starts.add(bunctl.start("start", "app" + n, "--command", "sleep 1000"));
            }
            starts.forEach(start -> bunctl.await(start).succeeded());
            assertEquals(10, bunctl.status().size());
            assertTrue(bunctl.status().stream().allMatch(app -> "online".equals(app.get("state"))));
            long daemons = bunctl.processes().stream()
                    .filter(process -> process.contains("verticles.main"))
                    .count();
            assertEquals(1, daemons, bunctl.processes().toString());
        }
    }

    @Test
    void home_isForItsOwnerOnly() throws Exception {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            assertEquals("rwx------", permissions(bunctl, ""));
            assertEquals("rw-------", permissions(bunctl, "state/desired.json"));
            assertEquals("rw-------", permissions(bunctl, "run/bunctl.sock"));
            assertEquals("rw-------", permissions(bunctl, "daemon.log"));
            assertEquals("rw-------", permissions(bunctl, "logs/a-out.log"));
        }
    }

    @Test
    void secondDaemonOnOneHome_isRefused() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            long daemon = bunctl.daemonPid();
            Bunctl.Result second = bunctl.run("daemon");
            assertTrue(second.exit() != 0, second.toString());
            assertTrue(second.err().contains(bunctl.home().toString()), second.err());
            assertEquals(daemon, bunctl.daemonPid());
        }
    }

    private static String permissions(Bunctl bunctl, String file) throws java.io.IOException {
        return PosixFilePermissions.toString(
                Files.getPosixFilePermissions(bunctl.home().resolve(file)));
    }
}
