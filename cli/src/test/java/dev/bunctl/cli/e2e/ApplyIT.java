package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What plan shows, apply does, and nothing else. */
class ApplyIT {
    private Bunctl bunctl;

    @BeforeEach
    void open() {
        bunctl = new Bunctl();
        bunctl.write("s.ts", "console.log('up', process.env.V, process.env.SHELL_V); setInterval(() => {}, 1000);");
    }

    @AfterEach
    void close() {
        bunctl.close();
    }

    private void configuration(String... apps) {
        bunctl.write("bunctl.json", "{\"apps\":[" + String.join(",", apps) + "]}");
    }

    private static String app(String name, String fields) {
        return "{\"name\":\"" + name + "\",\"script\":\"s.ts\",\"exec_mode\":\"fork\"" + fields + "}";
    }

    private List<String> states() {
        return bunctl.status().stream()
                .map(app -> app.get("name") + " " + app.get("state"))
                .toList();
    }

    @Test
    void planAndApply_startStopRestartAndChangeWhatTheFileSays() {
        configuration(app("keep", ""), app("env", ",\"env\":{\"V\":\"1\"}"), app("live", ""), app("gone", ""));
        bunctl.run("start").succeeded();
        bunctl.run("start", "typed", "--command", "sleep 1000").succeeded();
        Map<String, Object> keep = bunctl.status("keep:0");
        long live = bunctl.pid("live:0");
        long env = bunctl.pid("env:0");

        configuration(
                app("keep", ""),
                app("env", ",\"env\":{\"V\":\"2\",\"API_TOKEN\":\"hunter2\"}"),
                app("live", ",\"kill_timeout\":\"9s\""),
                app("new", ""));
        Bunctl.Result plan = bunctl.run("plan", "--exit-code").failedWith(1);
        assertEquals("""
                app   action       field          now  wanted
                keep  nothing
                env   restart      env.API_TOKEN  -    ********
                                   env.V          1    2
                live  change live  kill_timeout   5s   9s
                new   start
                gone  stop
                """, plan.out());
        assertEquals(env, bunctl.pid("env:0"), "a plan changes nothing");
        assertEquals(List.of("start", "restart"), List.of(action("new"), action("env")));

        bunctl.run("apply").succeeded();
        assertEquals(List.of("keep online", "env online", "live online", "typed online", "new online"), states());
        assertEquals(keep.get("pid"), bunctl.status("keep:0").get("pid"));
        assertEquals(live, bunctl.pid("live:0"));
        assertNotEquals(env, bunctl.pid("env:0"));
        bunctl.awaitLog("env-out.log", "up 2");

        bunctl.run("plan", "--exit-code").succeeded();
        Bunctl.Result again = bunctl.run("apply").succeeded();
        assertTrue(again.err().contains("nothing to do"), again.err());
    }

    @SuppressWarnings("unchecked")
    private String action(String app) {
        Map<String, Object> json = bunctl.run("plan", "--json").succeeded().json();
        assertEquals(true, json.get("changes"));
        return ((List<Map<String, Object>>) json.get("steps"))
                .stream()
                        .filter(step -> app.equals(step.get("app")))
                        .map(step -> (String) step.get("action"))
                        .findFirst()
                        .orElse("none");
    }

    @Test
    void invalidConfiguration_changesNothing() {
        configuration(app("api", ""));
        bunctl.run("start").succeeded();
        Path state = bunctl.home().resolve("state/desired.json");
        String before = Bunctl.read(state);
        for (String broken : List.of("{\"apps\":[", "{\"apps\":[{\"name\":\"api\",\"scirpt\":\"s.ts\"}]}", "[]")) {
            bunctl.write("bunctl.json", broken);
            bunctl.run("apply").failedWith(3);
            bunctl.run("plan").failedWith(3);
            bunctl.run("start").failedWith(3);
        }
        assertEquals(before, Bunctl.read(state));
        assertEquals(List.of("api online"), states());
    }

    @Test
    void planWithoutADaemon_startsNone() {
        configuration(app("api", ""));
        Bunctl.Result plan = bunctl.run("plan").succeeded();
        assertTrue(plan.out().contains("api  start"), plan.out());
        assertTrue(bunctl.processes().isEmpty());
        bunctl.run("apply").succeeded();
        assertEquals(List.of("api online"), states());
    }

    @Test
    void inheritedEnvironment_changesOnlyWhenThatIsAskedFor() {
        configuration(app("api", ""));
        String first = "up undefined first\n";
        bunctl.with("SHELL_V", "first").run("start").succeeded();
        bunctl.awaitLog("api-out.log", first);
        bunctl.with("SHELL_V", "second").run("apply").succeeded();
        bunctl.run("start").succeeded();
        bunctl.run("restart", "api").succeeded();
        assertEquals(first + first, bunctl.awaitLog("api-out.log", first + "up"));
        bunctl.run("start", "--update-env").succeeded();
        assertEquals(first + first + "up undefined second\n", bunctl.awaitLog("api-out.log", "second"));
    }
}
