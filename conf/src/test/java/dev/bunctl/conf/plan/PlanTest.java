package dev.bunctl.conf.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Project;
import dev.bunctl.conf.RandomSpecs;
import dev.bunctl.conf.field.Change;
import dev.bunctl.conf.plan.Step.Action;
import dev.bunctl.conf.tree.ConfigException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {
    private static final long SEED = 7;

    @TempDir
    Path root;

    private Project project;

    @BeforeEach
    void makeProject() {
        project = new Project(root).program("bun", "python3");
    }

    private AppSpec app(String fields) throws ConfigException {
        return project.app("{\"name\":\"a\",\"command\":\"bun x.ts\"" + fields + "}");
    }

    @Test
    void sameApps_areKept() throws ConfigException {
        AppSpec app = app("");
        project.variable("TERM", "other");
        Plan plan = Plan.between(List.of(app), List.of(app("")));
        assertEquals(List.of(new Step(app.name(), Action.KEEP, List.of())), plan.steps());
        assertTrue(plan.isEmpty(), "an inherited variable does not count");
    }

    @Test
    void valuesThatStandElsewhereNow_areNoDifference() throws ConfigException {
        AppSpec app = app(",\"instances\":2");
        AppSpec moved = app("\n\n,\"instances\":2");
        assertEquals("bunctl.json:1:46", app.sources().get("instances"));
        assertEquals("bunctl.json:3:14", moved.sources().get("instances"));
        assertTrue(Plan.between(List.of(app), List.of(moved)).isEmpty());
    }

    @Test
    void valueThatACommandChanged_comesFromIt_andTheOthersFromWhereTheyDid() throws ConfigException {
        AppSpec app = app(",\"instances\":2");
        AppSpec scaled = SpecFields.changedBy(
                "bunctl scale", app, app.withInstances(app.instances().withCount(3)));
        assertEquals("bunctl scale", scaled.sources().get("instances"));
        assertEquals(app.sources().get("name"), scaled.sources().get("name"));
        SpecFields.Sourced row = SpecFields.sourced(scaled).stream()
                .filter(one -> one.field().equals("instances"))
                .findFirst()
                .orElseThrow();
        assertEquals(new SpecFields.Sourced("instances", "3", "bunctl scale"), row);
    }

    @Test
    void newAndLeftApps_areStartedAndStopped() throws ConfigException {
        AppSpec one = project.app("{\"name\":\"one\",\"command\":\"bun\"}");
        AppSpec two = project.app("{\"name\":\"two\",\"command\":\"bun\"}");
        Plan plan = Plan.between(List.of(one), List.of(two));
        assertEquals(
                List.of(new Step(two.name(), Action.START, List.of()), new Step(one.name(), Action.STOP, List.of())),
                plan.steps());
        assertFalse(plan.isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ",\"max_memory\":\"1G\"|CHANGE_LIVE|max_memory||1G|LIVE",
                ",\"kill_timeout\":\"8s\"|CHANGE_LIVE|kill_timeout|5s|8s|LIVE",
                ",\"instances\":3|CHANGE_LIVE|instances|1|3|SCALE",
                ",\"env\":{\"A\":1}|RELOAD|env.A||1|RESTART",
                ",\"env\":{\"A_TOKEN\":1}|RELOAD|env.A_TOKEN||********|RESTART",
                ",\"exec_mode\":\"fork\"|RESTART|exec_mode|cluster|fork|RESTART",
                ",\"umask\":\"027\"|RELOAD|umask|022|027|RESTART",
                ",\"cron_restart\":\"0 0 * * *\"|CHANGE_LIVE|cron_restart||0 0 * * *|LIVE",
                ",\"args\":\"b c\"|RELOAD|program.arguments|bun x.ts|bun x.ts b c|RESTART"
            })
    void change_takesWhatItsFieldSays(
            String fields, Action action, String field, String before, String after, Change change)
            throws ConfigException {
        Step step = Plan.between(List.of(app("")), List.of(app(fields))).steps().getFirst();
        assertEquals(action, step.action());
        assertEquals(
                new Difference(field, before == null ? "" : before, after == null ? "" : after, change),
                step.differences().getFirst());
    }

    @Test
    void secretsInHeaders_areMaskedAndStillCompared() throws ConfigException {
        String check = ",\"health_check\":{\"http\":\"http://h/\",\"headers\":{\"Authorization\":\"%s\"}}";
        Step step = Plan.between(List.of(app(check.formatted("one"))), List.of(app(check.formatted("two"))))
                .steps()
                .getFirst();
        assertEquals(
                List.of(new Difference("health_check.Authorization", "********", "********", Change.LIVE)),
                step.differences());
    }

    @Test
    void programThatCannotShareItsPort_isRestarted() throws ConfigException {
        AppSpec before = project.app("{\"name\":\"a\",\"command\":\"python3 x.py\"}");
        AppSpec after = project.app("{\"name\":\"a\",\"command\":\"python3 y.py\"}");
        assertEquals(
                Action.RESTART,
                Plan.between(List.of(before), List.of(after)).steps().getFirst().action());
    }

    @Test
    void everyPartOfASpecification_belongsToAField() {
        var specs = new RandomSpecs(SEED);
        AppSpec before = specs.next();
        for (int round = 0; round < 500; round++) {
            AppSpec after = specs.next();
            List<Difference> differences = Differences.between(before, after);
            assertNotNull(differences, "seed " + SEED + ", round " + round);
            assertFalse(differences.isEmpty());
            assertEquals(List.of(), Differences.between(after, after));
            before = after;
        }
    }
}
