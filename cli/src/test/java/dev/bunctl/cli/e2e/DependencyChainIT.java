package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A chain of five apps, a to e, each of which needs the one before it. */
class DependencyChainIT {
    private static final List<String> CHAIN = List.of("a", "b", "c", "d", "e");

    private static Bunctl chain() {
        Bunctl bunctl = new Bunctl();
        bunctl.write("well.sh", "exec sleep 1000\n");
        bunctl.write("middle.sh", "test -e mended || { echo 'not mended' >&2; exit 3; }\necho up\nexec sleep 1000\n");
        bunctl.write("bunctl.json", """
                {"apps":[
                  {"name":"e","command":"sh well.sh","depends_on":["d"]},
                  {"name":"d","command":"sh well.sh","depends_on":{"c":"ready"}},
                  {"name":"c","command":"sh middle.sh","restart_policy":"no","ready":{"log":"up"},
                   "depends_on":{"b":"started"}},
                  {"name":"b","command":"sh well.sh","depends_on":["a"]},
                  {"name":"a","command":"sh well.sh"}]}""");
        return bunctl;
    }

    @Test
    void failingMiddle_keepsBackWhatNeedsIt_untilItIsMended() {
        try (Bunctl bunctl = chain()) {
            Bunctl.Result start = bunctl.run("start").failedWith(1);
            assertTrue(start.err().contains("not mended"), start.err());
            assertTrue(start.err().contains("d:0: waits for c:0, which failed: exit code 3"), start.err());
            assertTrue(start.err().contains("e:0: waits for d:0, which waits for c:0, which failed"), start.err());
            assertEquals("online", bunctl.status("a:0").get("state"));
            assertEquals("online", bunctl.status("b:0").get("state"));
            assertEquals("errored", bunctl.status("c:0").get("state"));
            assertEquals("waits for c", bunctl.status("d:0").get("reason"));
            assertEquals("waits for d", bunctl.status("e:0").get("reason"));

            bunctl.write("mended", "");
            bunctl.run("start", "c").succeeded();
            bunctl.awaitStatus("e:0", app -> "online".equals(app.get("state")));
        }
    }

    @Test
    void stop_endsEachBeforeWhatItNeeds() {
        try (Bunctl bunctl = chain()) {
            bunctl.write("mended", "");
            bunctl.run("start").succeeded();
            bunctl.run("stop", "all").succeeded();
            List<Instant> ends = new ArrayList<>();
            for (String name : CHAIN.reversed()) {
                ends.add(Instant.parse((String) bunctl.history(name).getLast().get("at")));
            }
            assertEquals(ends.stream().sorted().toList(), ends);
        }
    }

    @Test
    void circle_isNamed() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[
                      {"name":"a","command":"sleep 1000","depends_on":["b"]},
                      {"name":"b","command":"sleep 1000","depends_on":["a"]}]}""");
            Bunctl.Result start = bunctl.run("start").failedWith(3);
            assertTrue(start.err().contains("a -> b -> a") || start.err().contains("b -> a -> b"), start.err());
        }
    }

    @Test
    void job_isCompletedBeforeWhatNeedsIt() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("job.sh", "touch migrated\n");
            bunctl.write("api.sh", "test -e migrated || exit 1\nexec sleep 1000\n");
            bunctl.write("bunctl.json", """
                    {"apps":[
                      {"name":"api","command":"sh api.sh","restart_policy":"no","depends_on":{"job":"completed"}},
                      {"name":"job","command":"sh job.sh","restart_policy":"on-failure"}]}""");
            bunctl.run("start").succeeded();
            assertEquals("online", bunctl.status("api:0").get("state"));
            assertEquals("stopped", bunctl.status("job:0").get("state"));
        }
    }

    @Test
    void healthy_isWaitedForUntilTheCheckHasPassed() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("bunctl.json", """
                    {"apps":[
                      {"name":"api","command":"sleep 1000","depends_on":{"db":"healthy"}},
                      {"name":"db","command":"sleep 1000",
                        "health_check":{"exec":"test -e healthy","interval":100,"start_period":"10m"}}]}""");
            bunctl.run("start", "--no-wait").succeeded();
            bunctl.awaitStatus("db:0", app -> "online".equals(app.get("state")));
            assertEquals("waits for db", bunctl.status("api:0").get("reason"));
            bunctl.write("healthy", "");
            bunctl.awaitStatus("api:0", app -> "online".equals(app.get("state")));
        }
    }
}
