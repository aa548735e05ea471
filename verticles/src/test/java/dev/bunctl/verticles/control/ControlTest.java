package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.verticles.main.TestDaemon;
import dev.bunctl.verticles.state.DesiredState;
import dev.bunctl.verticles.state.StateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A daemon with a home of its own that is given commands. */
abstract class ControlTest {
    @TempDir
    Path home;

    TestDaemon daemon;

    @BeforeEach
    void start() throws Exception {
        daemon = TestDaemon.start(home, new FakePlatform());
    }

    @AfterEach
    void close() throws Exception {
        daemon.close();
    }

    static Command.Start starting(AppSpec... specs) {
        return new Command.Start(List.of(specs), true);
    }

    static Selection named(String... words) {
        return new Selection.Named(List.of(words));
    }

    DesiredState saved() throws IOException {
        return new StateFile(home, Clock.systemUTC()).load("").state();
    }

    static List<String> outcomes(Answer.Changed changed) {
        return changed.results().stream()
                .map(result -> result.instance() + " " + result.outcome())
                .toList();
    }
}
