package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Apps that run as another user, with less than the daemon has. */
class PrivilegesIT {
    private static final String SHOW = "id -u; id -g; umask; ulimit -n; ulimit -c; nice; cat /proc/self/oom_score_adj;"
            + " grep -E '^(CapEff|CapBnd|NoNewPrivs):' /proc/self/status; echo $HOME $USER; echo x >/dev/stdout;"
            + " exec sleep 1000";

    @BeforeEach
    void asRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may start programs as another user");
    }

    private static List<String> output(Bunctl bunctl, String app) {
        Bunctl.await(
                () -> app + " has said all: " + bunctl.log(app + "-out.log") + bunctl.log(app + "-error.log"),
                () -> bunctl.log(app + "-out.log").endsWith("x\n"));
        return bunctl.log(app + "-out.log").lines().toList();
    }

    private static String app(String members) {
        return "{\"apps\":[{\"name\":\"less\",\"command\":[\"sh\",\"-c\",\"" + SHOW + "\"],\"cwd\":\"/\"," + members
                + "}]}";
    }

    @Test
    void user_hasItsNumbersVariablesAndNoPrivileges() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", app("""
                    "uid":"nobody","umask":"027","nice":5,"oom_score_adj":300,
                    "rlimits":{"nofile":"512:1024","core":0}"""));
            bunctl.run("start").succeeded();
            assertEquals(
                    List.of(
                            "65534",
                            "65534",
                            "0027",
                            "512",
                            "0",
                            "5",
                            "300",
                            "CapEff:\t0000000000000000",
                            "CapBnd:\t0000000000000000",
                            "NoNewPrivs:\t1",
                            "/nonexistent nobody",
                            "x"),
                    output(bunctl, "less"));
        }
    }

    @Test
    void listedCapabilities_areKept_andNoNewPrivilegesCanBeTurnedOff() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", app("""
                    "uid":"nobody","capabilities":["net_bind_service"],"no_new_privs":false"""));
            bunctl.run("start").succeeded();
            List<String> said = output(bunctl, "less");
            assertTrue(said.contains("CapEff:\t0000000000000400"), said.toString());
            assertTrue(said.contains("CapBnd:\t0000000000000400"), said.toString());
            assertTrue(said.contains("NoNewPrivs:\t0"), said.toString());
        }
    }

    @Test
    void failedStep_isNamed_andTheProgramNeverRuns() {
        try (Bunctl bunctl = new Bunctl()) {
            Path trace = bunctl.folder().resolve("ran");
            bunctl.write("bunctl.json", """
                    {"apps":[{"name":"a","command":"touch %1$s","uid":"no-such-user","restart_policy":"no"},
                             {"name":"b","command":"touch %1$s","capabilities":["fly"],"uid":"nobody","restart_policy":"no"},
                             {"name":"c","command":"touch %1$s","rlimits":{"nofile":2000000000},"restart_policy":"no"}]}
                    """.formatted(trace));
            Bunctl.Result start = bunctl.run("start").failedWith(1);
            assertTrue(start.err().contains("a:0: not started: user: no user is called no-such-user"), start.err());
            assertTrue(
                    start.err().contains("b:0: not started: capabilities: no capability is called fly"), start.err());
            assertTrue(start.err().contains("c:0: not started: limits: "), start.err());
            assertFalse(Files.exists(trace));
        }
    }
}
