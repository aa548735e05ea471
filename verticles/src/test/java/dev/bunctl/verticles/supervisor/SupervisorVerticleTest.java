package dev.bunctl.verticles.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.InstanceStatus.State;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.verticles.internal.InstanceEvent;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.internal.InternalAddresses;
import dev.bunctl.verticles.internal.LocalCodec;
import dev.bunctl.verticles.internal.SupervisorCommand;
import dev.bunctl.verticles.lifecycle.Desired;
import dev.bunctl.verticles.lifecycle.Specs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verticle on a real event bus, over a pretended host. */
final class SupervisorVerticleTest {
    private static final String ADDRESS = InternalAddresses.supervisor("api:0");
    private static final long PATIENCE_SECONDS = 30;

    private final FakePlatform platform = new FakePlatform();
    private final BlockingQueue<InstanceEvent> events = new LinkedBlockingQueue<>();
    private final AppSpec spec = Specs.DEFAULT
            .with(Specs.policy(RestartPolicy.Mode.ALWAYS, 16, Specs.noWait()))
            .spec();

    @TempDir
    private Path folder;

    private Vertx vertx;

    @BeforeEach
    void begin() {
        vertx = Vertx.vertx();
        LocalCodec.register(vertx.eventBus());
        vertx.eventBus().<InstanceEvent>localConsumer(InternalAddresses.EVENTS, message -> events.add(message.body()));
    }

    @AfterEach
    void end() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private String deploy(Desired desired) throws TimeoutException {
        SupervisorServices services = new SupervisorServices(
                platform,
                new RecordingCollector(),
                new SpawnPlanner(platform),
                new RuntimeFiles(folder),
                new RecordingWatches(),
                new RecordingChannels(),
                new RecordingFiles(),
                new Random(1));
        return await(vertx.deployVerticle(new SupervisorVerticle(services, spec, 0, desired, List.of())));
    }

    private InstanceSnapshot ask(SupervisorCommand command) throws TimeoutException {
        return await(vertx.eventBus().<InstanceSnapshot>request(ADDRESS, command))
                .body();
    }

    private InstanceSnapshot until(String type) throws InterruptedException {
        for (; ; ) {
            InstanceEvent event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue(event != null, () -> "no event " + type);
            if (event != null && event.type().equals(type)) {
                return event.snapshot();
            }
        }
    }

    @Test
    void start_isAnsweredAtOnceAndFollowedByEvents() throws Exception {
        String _ = deploy(Desired.STOPPED);
        assertEquals(
                State.LAUNCHING, ask(new SupervisorCommand.StartInstance(spec)).state());
        assertEquals(State.ONLINE, until("became_ready").state());
    }

    @Test
    void crash_isFollowedByTheNextGeneration() throws Exception {
        String _ = deploy(Desired.RUNNING);
        InstanceSnapshot _ = until("spawned");
        platform.processes().running("api:0").exit(1);
        assertEquals(2, until("spawned").generation());
    }

    @Test
    void undeploy_leavesTheProcessAloneAndTheNextSupervisorTakesItOver() throws Exception {
        String id = deploy(Desired.RUNNING);
        InstanceSnapshot _ = until("became_ready");
        await(vertx.undeploy(id));
        assertTrue(platform.processes().running("api:0").running());
        assertEquals(List.of(), platform.processes().running("api:0").signals());
        assertTrue(Files.exists(folder.resolve("api%3A0.runtime.json")));
        assertThrows(Exception.class, () -> ask(new SupervisorCommand.InspectInstance()));
    }

    @Test
    void bug_isAnsweredNotSwallowed() throws Exception {
        String _ = deploy(Desired.STOPPED);
        assertThrows(
                Exception.class, () -> await(vertx.eventBus().<InstanceSnapshot>request(ADDRESS, "not a command")));
        assertFalse(ask(new SupervisorCommand.InspectInstance()).identity().isPresent());
    }

    @Test
    void bodyThatIsNoneOfOurRecords_isRefusedByTheCodec() {
        assertThrows(IllegalArgumentException.class, () -> vertx.eventBus().publish(ADDRESS, new Object()));
    }
}
