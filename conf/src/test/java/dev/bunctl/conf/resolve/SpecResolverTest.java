package dev.bunctl.conf.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.AppName;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.CronRestart;
import dev.bunctl.conf.Dependency;
import dev.bunctl.conf.HealthCheck;
import dev.bunctl.conf.Instances;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.LogPolicy;
import dev.bunctl.conf.Project;
import dev.bunctl.conf.Readiness;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.conf.RunAs;
import dev.bunctl.conf.StopPolicy;
import dev.bunctl.conf.WatchPolicy;
import dev.bunctl.conf.tree.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecResolverTest {
    @TempDir
    Path root;

    private Project project;

    @BeforeEach
    void makeProject() {
        project = new Project(root).program("bun", "curl");
    }

    private AppSpec with(String fields) throws ConfigException {
        return project.app("{\"name\":\"a\",\"command\":\"bun x.ts\"," + fields + "}");
    }

    @Test
    void everyPolicy_canBeWritten() throws ConfigException {
        AppSpec spec = with("""
                "restart_policy":"on-failure","max_restarts":-1,"restart_window":"1h","min_uptime":5000,
                "restart_delay":"2s","backoff":{"initial":"1s","multiplier":1.5,"max":"1m","jitter":0},
                "success_exit_codes":[0,3],"success_signals":["SIGTERM","int"],"stop_exit_codes":7,"stop_signals":"KILL","exhausted_action":"remove",
                "stop_signal":"term","kill_timeout":"10s","shutdown_with_message":true,"kill_mode":"process",
                "umask":"027","namespace":"web","auto_start":false
                """);
        assertEquals(
                new RestartPolicy(
                        RestartPolicy.Mode.ON_FAILURE,
                        -1,
                        Duration.ofHours(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(2),
                        new RestartPolicy.Backoff(Duration.ofSeconds(1), 1.5, Duration.ofMinutes(1), 0),
                        Set.of(0, 3),
                        Set.of("SIGTERM", "SIGINT"),
                        Set.of(7),
                        Set.of("SIGKILL"),
                        RestartPolicy.Exhausted.REMOVE),
                spec.restart());
        assertEquals(new StopPolicy("SIGTERM", Duration.ofSeconds(10), true, StopPolicy.KillMode.PROCESS), spec.stop());
        assertEquals(027, spec.umask());
        assertEquals("web", spec.namespace());
        assertEquals(false, spec.autoStart());
    }

    @Test
    void everyHostPart_canBeWritten() throws ConfigException {
        AppSpec spec = with("""
                "max_memory":"512M","max_memory_restart":"300MB","max_cpu":"50%","cpu_weight":10,"max_pids":64,
                "limits":"strict","rlimits":{"nofile":"1024:4096","core":"unlimited","nproc":{"soft":1,"hard":2}},
                "nice":-5,"oom_score_adj":100,"uid":1000,"gid":"www-data","capabilities":["CAP_NET_BIND_SERVICE"],
                "cron_restart":"0 3 * * mon-fri","cron_timezone":"Europe/Vienna",
                "watch":["src"],"ignore_watch":"*.tmp","watch_delay":"1s"
                """);
        assertEquals(
                new Limits(
                        Optional.of(512L << 20),
                        Optional.of(300L << 20),
                        Optional.of(50.0),
                        OptionalInt.of(10),
                        OptionalInt.of(64),
                        true,
                        List.of(
                                new Limits.Resource("nofile", 1024, 4096),
                                new Limits.Resource("core", -1, -1),
                                new Limits.Resource("nproc", 1, 2)),
                        OptionalInt.of(-5),
                        OptionalInt.of(100),
                        Map.of()),
                spec.limits());
        assertEquals(
                Optional.of(new RunAs("1000", Optional.of("www-data"), true, List.of("CAP_NET_BIND_SERVICE"))),
                spec.user());
        assertEquals(Optional.of(new CronRestart("0 3 * * mon-fri", ZoneId.of("Europe/Vienna"))), spec.cronRestart());
        assertEquals(
                Optional.of(new WatchPolicy(
                        List.of(project.folder().resolve("src")), List.of("*.tmp"), Duration.ofSeconds(1))),
                spec.watch());
    }

    @Test
    void logs_canBeWritten() throws ConfigException {
        LogPolicy logs = with("""
                "stdout_log":"logs/out.log","error_file":"/dev/null","log_file":"~/all.log","merge_logs":true,
                "time":true,"logs":{"max_line":"64K","when_full":"drop","max_size":"1M","every":"1d","cron":"0 4 * * *","sync_every":"2s","keep":3,
                "max_age":"30d","max_total":"20M","compress":true}
                """).logs();
        assertEquals(
                new LogPolicy(
                        new LogPolicy.File(project.folder().resolve("logs/out.log")),
                        new LogPolicy.Nowhere(),
                        Optional.of(project.starter().home().resolve("all.log")),
                        true,
                        new LogPolicy.Timestamped("YYYY-MM-DDTHH:mm:ss"),
                        64 << 10,
                        LogPolicy.WhenFull.DROP,
                        Optional.of(Duration.ofSeconds(2)),
                        new LogPolicy.Rotation(
                                1 << 20,
                                Optional.of(Duration.ofDays(1)),
                                Optional.of("0 4 * * *"),
                                3,
                                Optional.of(Duration.ofDays(30)),
                                20 << 20,
                                true)),
                logs);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "7,7", "'\"max\"',4", "0,4", "-1,3", "-9,1", "'\"2\"',2"})
    void instances_areCountedFromTheProcessors(String written, int count) throws ConfigException {
        assertEquals(count, with("\"instances\":" + written).instances().count());
    }

    @Test
    void instancesAtTheLimit_areTakenAndOneMoreRefused() throws ConfigException {
        assertEquals(
                Instances.MAX,
                with("\"instances\":" + Instances.MAX).instances().count());
        assertRefused("\"instances\":" + (Instances.MAX + 1), "'instances': a number up to 1024, or \"max\" expected");
    }

    @Test
    void forkModeAndIncrement_areKept() throws ConfigException {
        assertEquals(
                new Instances(2, "N", Optional.of("PORT"), false),
                with("\"instances\":2,\"exec_mode\":\"fork\",\"instance_var\":\"N\",\"increment_var\":\"PORT\","
                                + "\"env\":{\"PORT\":3000}")
                        .instances());
        assertRefused("\"increment_var\":\"PORT\",\"env\":{\"PORT\":\"x\"}", "must hold a whole number");
    }

    @Test
    void readiness_hasManySigns() throws ConfigException {
        assertEquals(Readiness.DEFAULT, with("\"nice\":1").readiness());
        assertEquals(
                new Readiness.Message(), with("\"wait_ready\":true").readiness().sign());
        assertEquals(
                new Readiness.Message(),
                with("\"ready\":\"message\"").readiness().sign());
        assertEquals(
                new Readiness.Notify(), with("\"ready\":\"notify\"").readiness().sign());
        assertEquals(
                new Readiness.Port("127.0.0.1", 80),
                with("\"ready\":{\"port\":80}").readiness().sign());
        assertEquals(
                new Readiness.LogLine("up"),
                with("\"ready\":{\"log\":\"up\"}").readiness().sign());
        assertEquals(
                new Readiness(new Readiness.Http("http://[::1]:1/x"), Duration.ofSeconds(3), true),
                with("\"ready\":{\"http\":\"http://[::1]:1/x\"},\"listen_timeout\":3000,\"online_anyway\":true")
                        .readiness());
        assertEquals(
                new Readiness.Alive(Duration.ofSeconds(1)),
                with("\"ready\":{\"alive\":\"1s\"}").readiness().sign());
        assertRefused("\"ready\":{\"port\":80,\"log\":\"x\"}", "'ready': only one sign of readiness expected");
        assertRefused("\"ready\":{\"http\":\"localhost\"}", "a URL that starts with http:// or https:// expected");
        assertRefused("\"ready\":{\"log\":\"(\"}", "a regular expression expected (Unclosed group)");
    }

    @Test
    void health_hasOneProbe() throws ConfigException {
        assertEquals(
                Optional.of(new HealthCheck(
                        new HealthCheck.Http(
                                "http://127.0.0.1/h", Map.of("X", "1"), Optional.of(204), Optional.of("ok")),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        4,
                        Duration.ofSeconds(5))),
                with("\"health_check\":{\"url\":\"http://127.0.0.1/h\",\"headers\":{\"X\":1},\"status\":204,\"body\":\"ok\","
                                + "\"interval\":\"1s\",\"timeout\":\"2s\",\"retries\":4,\"start_period\":\"5s\"}")
                        .health());
        assertEquals(
                new HealthCheck.Http("http://h/", Map.of(), Optional.empty(), Optional.empty()),
                with("\"health_check\":\"http://h/\"").health().orElseThrow().probe());
        assertEquals(
                new HealthCheck.Tcp("db", 5432),
                with("\"health_check\":{\"tcp\":\"db:5432\"}")
                        .health()
                        .orElseThrow()
                        .probe());
        assertEquals(
                new HealthCheck.Tcp("127.0.0.1", 80),
                with("\"health_check\":{\"port\":80}").health().orElseThrow().probe());
        assertEquals(
                new HealthCheck.Exec(List.of(project.bin().resolve("curl").toString(), "-f", "x")),
                with("\"health_check\":{\"exec\":\"curl -f x\"}")
                        .health()
                        .orElseThrow()
                        .probe());
        assertRefused("\"health_check\":{\"interval\":\"1s\"}", "nothing is checked; http, tcp or exec expected too");
        assertRefused("\"health_check\":{\"tcp\":\"x:0\"}", "a port or host:port expected, not 'x:0'");
        assertRefused("\"health_check\":{\"exec\":\"none\"}", "none is not a program on the PATH");
        assertRefused("\"health_check\":{\"http\":\"http://h\",\"tcp\":1}", "only one of http, tcp and exec expected");
    }

    @Test
    void dependencies_haveThreeForms() throws ConfigException {
        var db = new AppName("db");
        for (String written : List.of(
                "\"db\"",
                "[\"db\"]",
                "{\"db\":\"ready\"}",
                "{\"db\":{\"condition\":\"ready\"}}",
                "[{\"app\":\"db\"}]")) {
            assertEquals(
                    List.of(new Dependency(db, Dependency.Condition.READY)),
                    with("\"depends_on\":" + written).dependencies(),
                    written);
        }
        assertEquals(
                List.of(new Dependency(db, Dependency.Condition.COMPLETED)),
                with("\"depends_on\":{\"db\":\"completed\"}").dependencies());
        assertRefused(
                "\"depends_on\":{\"db\":\"soon\"}", "one of started, ready, healthy, completed expected, not 'soon'");
        assertRefused("\"depends_on\":[\"a/b\"]", "a name cannot contain '/'");
    }

    @Test
    void circleOfDependencies_isRefusedAndNamed() {
        String app = "{\"name\":\"%s\",\"command\":\"bun\",\"depends_on\":\"%s\"}";
        String json = "[" + app.formatted("x", "a") + ",\n" + app.formatted("a", "b") + "," + app.formatted("b", "c")
                + "," + app.formatted("c", "a") + "]";
        var refused = assertThrows(ConfigException.class, () -> project.app(json));
        assertEquals("bunctl.json:2:9: 'depends_on' goes in a circle: a -> b -> c -> a", refused.getMessage());
    }

    @Test
    void chainAsLongAsAConfiguration_isWalked() throws ConfigException {
        var json = new StringBuilder("[");
        for (int at = 0; at < 5_000; at++) {
            json.append(at == 0 ? "" : ",")
                    .append("{\"name\":\"n%d\",\"command\":\"bun\",\"depends_on\":\"n%d\"}".formatted(at, at + 1));
        }
        assertEquals("n0", project.app(json.append("]").toString()).name().value());
    }

    @Test
    void nameTakenTwice_isRefusedWithBothPlaces() {
        var refused = assertThrows(
                ConfigException.class,
                () -> project.app("[{\"name\":\"a\",\"command\":\"bun\"},\n{\"name\":\"a\",\"command\":\"bun\"}]"));
        assertEquals(
                "bunctl.json:2:9: the name 'a' is already taken at bunctl.json:1:10; give each app a 'name' of its own",
                refused.getMessage());
    }

    @Test
    void appWithoutName_isCalledLikeItsScript() throws ConfigException {
        project.file("src/my.server.ts", "");
        assertEquals(
                "my.server",
                project.app("{\"script\":\"src/my.server.ts\"}").name().value());
        assertEquals(
                "x",
                project.app("{\"command\":\"bun run src/x.ts --port 1\"}")
                        .name()
                        .value());
        assertEquals(
                "curl", project.app("{\"command\":\"curl http://x\"}").name().value());
        project.executable("all", "#!/bin/sh\n");
        var refused = assertThrows(ConfigException.class, () -> project.app("{\"script\":\"./all\"}"));
        assertTrue(String.valueOf(refused.getMessage()).contains("'all' names every app"), refused.getMessage());
    }

    @Test
    void folder_mustBeThere() {
        project.file("file", "");
        assertRefused(
                "\"cwd\":\"none\"",
                "'cwd': there is no folder " + project.folder().resolve("none"));
        assertRefused(
                "\"cwd\":\"file\"",
                "'cwd': a folder expected, not the file " + project.folder().resolve("file"));
    }

    @Test
    void relativePaths_startAtTheConfiguration() throws ConfigException {
        project.file("config/bunctl.json", "{\"name\":\"a\",\"command\":\"bun\",\"cwd\":\"sub\"}")
                .file("sub/x", "");
        assertEquals(
                project.folder().resolve("sub"),
                project.resolve("config/bunctl.json").getFirst().directory());
        assertTrue(Files.exists(project.folder().resolve("sub")));
    }

    @Test
    void contradictions_areRefused() {
        assertRefused("\"restart_policy\":\"no\",\"autorestart\":true", "contradicts restart_policy 'no'");
        assertRefused(
                "\"backoff\":{\"initial\":\"2s\",\"max\":\"1s\"}", "'backoff.max': at least backoff.initial expected");
        assertRefused("\"gid\":\"x\"", "'gid' needs 'uid' beside it");
        assertRefused("\"kill_timeout\":\"61m\"", "'kill_timeout': at most 1h expected");
        assertRefused("\"cron_restart\":\"61 * * * *\"", "a minute from 0 to 59 expected in place of '61'");
        assertRefused("\"cron_restart\":\"* * *\"", "five cron fields, or six with seconds, expected");
        assertRefused("\"cron_restart\":\"* * * * *\",\"cron_timezone\":\"Mars\"", "a time zone such as");
        assertRefused("\"logs\":{\"max_line\":1}", "256 bytes to 64M expected");
        assertRefused("\"rlimits\":{\"nofiles\":1}", "a POSIX limit such as nofile; did you mean 'nofile'?");
        assertRefused("\"rlimits\":{\"nofile\":\"2:1\"}", "a soft limit that is not above the hard one");
        assertRefused("\"stop_signal\":\"SIGFOO\"", "a signal such as SIGINT");
        assertRefused("\"logs\":3", "'logs': an object expected, not 3");
    }

    private void assertRefused(String fields, String part) {
        var refused = assertThrows(ConfigException.class, () -> with(fields));
        assertTrue(String.valueOf(refused.getMessage()).contains(part), refused.getMessage());
    }
}
