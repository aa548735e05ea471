package dev.bunctl.verticles.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.os.api.HostSignals;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.os.fake.FakeProcess;
import dev.bunctl.verticles.state.Specs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonTest {
    @TempDir
    private Path home;

    private TestDaemon daemon;

    @BeforeEach
    void start() throws Exception {
        daemon = TestDaemon.start(home, new FakePlatform());
    }

    @AfterEach
    void close() throws Exception {
        daemon.close();
    }

    @Test
    void start_tellsTheParentOnceThatItServes() {
        assertEquals(1, daemon.platform().readies());
    }

    @Test
    void terminate_stopsEveryAppInParallel_andWantsThemBack() throws Exception {
        daemon.change(new Command.Start(List.of(Specs.of("api"), Specs.of("worker")), true));
        FakeProcess api = daemon.platform().processes().running("api:0").ignoresSignals();
        FakeProcess worker = daemon.platform().processes().running("worker:0").ignoresSignals();

        daemon.platform().hostSignals().request(HostSignals.Request.TERMINATE);
        daemon.event("api:0", "stopping");
        daemon.event("worker:0", "stopping");
        api.exit(0);
        worker.exit(0);

        assertEquals(Daemon.Ending.FINISHED, daemon.ending());
        daemon = daemon.successor();
        daemon.event("api:0", "became_ready");
        daemon.event("worker:0", "became_ready");
    }

    @Test
    void terminate_refusesWhatComesAfterIt() throws Exception {
        daemon.change(new Command.Start(List.of(Specs.of("api")), true));
        FakeProcess api = daemon.platform().processes().running("api:0").ignoresSignals();
        daemon.platform().hostSignals().request(HostSignals.Request.TERMINATE);
        daemon.event("api:0", "stopping");

        String detail = daemon.refused(new Command.StartKnown(new Selection.All(), true))
                .detail();

        assertTrue(detail.startsWith("the daemon is ending"), detail);
        api.exit(0);
        assertEquals(Daemon.Ending.FINISHED, daemon.ending());
    }

    @Test
    void lostParent_endsTheDaemonAndLeavesAppsAlone() throws Exception {
        daemon.change(new Command.Start(List.of(Specs.of("api")), true));

        daemon.platform().loseParent();

        assertEquals(Daemon.Ending.ORPHANED, daemon.ending());
        assertTrue(daemon.platform().processes().running("api:0").signals().isEmpty());
    }

    @Test
    void replacing_handsOverAndLeavesAppsAlone() throws Exception {
        daemon.change(new Command.Start(List.of(Specs.of("api")), true));

        daemon.platform().hostSignals().request(HostSignals.Request.REPLACE_DAEMON);

        assertEquals(Daemon.Ending.HANDED_OVER, daemon.ending());
        assertTrue(daemon.platform().processes().running("api:0").signals().isEmpty());
    }
}
