package dev.bunctl.verticles.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Configuration;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.conf.AppName;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Dependency;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.Origin;
import dev.bunctl.conf.codec.AppSpecCodec;
import dev.bunctl.conf.codec.SpecFormatException;
import dev.bunctl.verticles.state.DesiredApp;
import dev.bunctl.verticles.state.Specs;
import dev.bunctl.verticles.state.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a configuration speaks for, and what applying it does to that and to nothing else. */
class ApplyTest extends ControlTest {
    private static final Origin FILE = new Origin(Path.of("/srv/bunctl.json"), Optional.empty(), false);
    private static final Origin OTHER = new Origin(Path.of("/srv/other.json"), Optional.empty(), false);

    @CanIgnoreReturnValue
    private Answer.Changed started(Origin origin, AppSpec... specs) throws Exception {
        return daemon.change(new Command.Start(List.of(specs), true, false, Optional.of(origin)));
    }

    private static Configuration configuration(AppSpec... specs) {
        return new Configuration(List.of(specs), FILE, List.of());
    }

    @CanIgnoreReturnValue
    private Answer.Changed applied(AppSpec... specs) throws Exception {
        return daemon.change(new Command.Apply(configuration(specs), true));
    }

    /** Such as {@code api RESTART}. */
    private List<String> planned(AppSpec... specs) throws Exception {
        Answer answer = daemon.ask(new Command.Plan(configuration(specs)));
        if (answer instanceof Answer.Planned planned) {
            return planned.steps().stream()
                    .map(step -> step.app() + " " + step.action())
                    .toList();
        }
        throw new AssertionError("not planned: " + answer);
    }

    private Map<String, OptionalLong> pids() throws Exception {
        Map<String, OptionalLong> pids = new LinkedHashMap<>();
        daemon.status().instances().forEach(one -> pids.put(one.name() + ":" + one.instance(), one.pid()));
        return pids;
    }

    private DesiredApp saved(String name) throws IOException {
        return new StateFile(home, Clock.systemUTC())
                .load("")
                .state()
                .find(name)
                .orElseThrow();
    }

    /** Another value of a field that needs no new process. */
    private static AppSpec changedLive(String name) {
        return Specs.of(name, 1, List.of(), Limits.NONE, false);
    }

    /** Another working directory. */
    private static AppSpec moved(String name) throws SpecFormatException {
        Map<String, Object> form = new LinkedHashMap<>(AppSpecCodec.toMap(Specs.of(name)));
        form.put("directory", "/tmp");
        return AppSpecCodec.fromMap(form);
    }

    @Test
    void newGoneAndForeignApps_areStartedForgottenAndLeftAlone() throws Exception {
        started(FILE, Specs.of("stays"), Specs.of("gone"));
        started(OTHER, Specs.of("foreign"));
        daemon.change(new Command.Start(List.of(Specs.of("typed")), true));
        Map<String, OptionalLong> before = pids();

        assertEquals(List.of("stays KEEP", "new START", "gone STOP"), planned(Specs.of("stays"), Specs.of("new")));
        assertEquals(before, pids(), "a plan changes nothing");
        Answer.Changed changed = applied(Specs.of("stays"), Specs.of("new"));

        assertEquals(List.of("gone:0 deleted", "new:0 started"), outcomes(changed));
        assertEquals(List.of("stays:0 online", "foreign:0 online", "typed:0 online", "new:0 online"), daemon.states());
        for (String untouched : List.of("stays:0", "foreign:0", "typed:0")) {
            assertEquals(before.get(untouched), pids().get(untouched));
        }
        assertEquals(List.of("stays KEEP", "new KEEP"), planned(Specs.of("stays"), Specs.of("new")));
    }

    @Test
    void changeThatNeedsNoProcess_isMadeLive() throws Exception {
        started(FILE, Specs.of("api"));
        Map<String, OptionalLong> before = pids();

        assertEquals(List.of("api CHANGE_LIVE"), planned(changedLive("api")));
        assertEquals(List.of("api:0 changed, without a restart"), outcomes(applied(changedLive("api"))));

        assertEquals(before, pids());
        assertFalse(saved("api").spec().autoStart());
    }

    @Test
    void changeThatNeedsAProcess_restarts() throws Exception {
        started(FILE, Specs.of("api"));
        Map<String, OptionalLong> before = pids();

        assertEquals(List.of("api RESTART"), planned(moved("api")));
        assertEquals(List.of("api:0 restarted"), outcomes(applied(moved("api"))));

        assertNotEquals(before, pids());
        assertEquals(
                Path.of("/tmp"), daemon.platform().processes().plans().getLast().directory());
    }

    @Test
    void otherCount_startsAndForgetsOnlyTheDifference() throws Exception {
        started(FILE, Specs.of("api", 2, List.of()));
        Map<String, OptionalLong> before = pids();

        applied(Specs.of("api", 3, List.of()));
        assertEquals(List.of("api:0 online", "api:1 online", "api:2 online"), daemon.states());
        applied(Specs.of("api", 1, List.of()));

        assertEquals(List.of("api:0 online"), daemon.states());
        assertEquals(before.get("api:0"), pids().get("api:0"));
    }

    @Test
    void stoppedApp_takesItsSettingsAndStaysStopped() throws Exception {
        started(FILE, Specs.of("api"));
        daemon.change(new Command.Stop(new Selection.Named(List.of("api"))));

        assertEquals(List.of("api CHANGE_LIVE"), planned(moved("api")));
        Answer.Changed changed = applied(moved("api"));

        assertEquals(List.of("api:0 stopped"), daemon.states());
        assertEquals(List.of("api is stopped and stays so until it is started"), changed.warnings());
        assertEquals(Path.of("/tmp"), saved("api").spec().directory());
        daemon.change(new Command.StartKnown(new Selection.All(), true));
        assertEquals(
                Path.of("/tmp"), daemon.platform().processes().plans().getLast().directory());
    }

    @Test
    void appFromElsewhere_isTakenOverWithAWord() throws Exception {
        daemon.change(new Command.Start(List.of(Specs.of("api")), true));

        Answer.Changed changed = applied(Specs.of("api"));

        assertTrue(changed.warnings().getFirst().contains("was started from the command line"), changed.toString());
        assertEquals(Optional.of(FILE), saved("api").origin());
        assertEquals(List.of("api STOP"), planned());
    }

    @Test
    void whatIsInherited_isTheFirstStarters() throws Exception {
        started(FILE, Specs.of("api"));
        Map<String, Object> form = new LinkedHashMap<>(AppSpecCodec.toMap(Specs.of("api")));
        form.put("inherited_environment", Map.of("HOME", "/elsewhere"));
        AppSpec other = AppSpecCodec.fromMap(form);

        assertEquals(List.of("api KEEP"), planned(other));
        applied(other);
        started(FILE, other);
        assertEquals(Map.of("HOME", "/nowhere"), saved("api").spec().inheritedEnvironment());

        var updating = new Command.Start(List.of(other), true, true, Optional.of(FILE));
        assertEquals(List.of("api:0 restarted"), outcomes(daemon.change(updating)));
        assertEquals(Map.of("HOME", "/elsewhere"), saved("api").spec().inheritedEnvironment());
    }

    @Test
    void onlyTheNamedApps_areTouched() throws Exception {
        started(FILE, Specs.of("a"), Specs.of("b"), Specs.of("c"));
        Configuration some = new Configuration(List.of(moved("a")), FILE, List.of("a", "b"));

        assertEquals(List.of("b:0 deleted", "a:0 restarted"), outcomes(daemon.change(new Command.Apply(some, true))));
        assertEquals(List.of("a:0 online", "c:0 online"), daemon.states());
    }

    @Test
    void whatCannotBeWanted_isRefusedAndChangesNothing() throws Exception {
        started(
                FILE,
                Specs.of("db"),
                Specs.of("api", 1, List.of(new Dependency(new AppName("db"), Dependency.Condition.READY))));
        String before = Files.readString(home.resolve("state/desired.json"));
        AppSpec api = Specs.of("api", 1, List.of(new Dependency(new AppName("db"), Dependency.Condition.READY)));

        refused(ErrorCode.INVALID, configuration(Specs.of("x"), Specs.of("x")));
        refused(ErrorCode.INVALID, configuration(api));
        refused(ErrorCode.UNKNOWN_APP, new Configuration(List.of(), FILE, List.of("nosuch")));

        assertEquals(List.of("db:0 online", "api:0 online"), daemon.states());
        assertEquals(before, Files.readString(home.resolve("state/desired.json")));
    }

    private void refused(ErrorCode code, Configuration configuration) throws Exception {
        assertEquals(code, daemon.refused(new Command.Plan(configuration)).code());
        assertEquals(
                code, daemon.refused(new Command.Apply(configuration, true)).code());
    }

    @Test
    void whereAppsComeFrom_isKnownToTheNextDaemon() throws Exception {
        Origin watched = new Origin(Path.of("/srv/bunctl.json"), Optional.of("production"), true);
        started(watched, Specs.of("api"), Specs.of("gone"));
        daemon = daemon.successor();

        assertEquals(Optional.of(watched), saved("api").origin());
        assertEquals(List.of("api KEEP", "gone STOP"), planned(Specs.of("api")));
    }
}
