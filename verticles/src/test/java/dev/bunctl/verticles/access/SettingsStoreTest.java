package dev.bunctl.verticles.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.daemon.BridgeSettings;
import dev.bunctl.conf.daemon.DaemonSettings;
import dev.bunctl.conf.daemon.Endpoint;
import dev.bunctl.conf.daemon.Tls;
import dev.bunctl.conf.daemon.WebSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsStoreTest {
    private static final BridgeSettings BRIDGE = new BridgeSettings(true, new Endpoint("127.0.0.1", 4000), Tls.OWN);
    private static final WebSettings WEB = new WebSettings(true, new Endpoint("127.0.0.1", 4001), Tls.NONE, true);

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path home;

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private SettingsStore store() {
        return new SettingsStore(vertx, SettingsStore.load(home));
    }

    @Test
    void nothingThere_isTheDefaults() {
        assertEquals(new DaemonSettings(BridgeSettings.DEFAULT, WebSettings.DEFAULT), store().settings());
        assertEquals(Optional.empty(), store().problem());
    }

    @Test
    void changes_comeOneAfterTheOther_andAreFoundByTheNextDaemon() throws Exception {
        SettingsStore store = store();

        Future<DaemonSettings> first = store.change(now -> now.with(BRIDGE));
        Future<DaemonSettings> second = store.change(now -> now.with(WEB));

        assertEquals(new DaemonSettings(BRIDGE, WebSettings.DEFAULT), await(first));
        assertEquals(new DaemonSettings(BRIDGE, WEB), await(second));
        assertEquals(new DaemonSettings(BRIDGE, WEB), store().settings());
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("daemon.json"))));
    }

    @Test
    void fileThatIsNotValid_opensNothing_andIsLeftAsItIs() throws Exception {
        Files.writeString(home.resolve("daemon.json"), "{\n\"bridge\": {\"prot\": 1}}");
        SettingsStore store = store();

        assertEquals(DaemonSettings.DEFAULT, store.settings());
        assertTrue(store.problem().orElseThrow().contains("daemon.json:2:12: unknown field 'bridge.prot'"));
        ExecutionException refused =
                assertThrows(ExecutionException.class, () -> await(store.change(now -> now.with(BRIDGE))));
        assertInstanceOf(IOException.class, refused.getCause());
        assertEquals("{\n\"bridge\": {\"prot\": 1}}", Files.readString(home.resolve("daemon.json")));
    }

    @Test
    void changeThatCannotBeWritten_changesNothing_andTheNextOneCan() throws Exception {
        SettingsStore store = store();
        Path inTheWay = Files.createDirectories(home.resolve("daemon.json/x"));

        assertThrows(ExecutionException.class, () -> await(store.change(now -> now.with(BRIDGE))));

        assertEquals(DaemonSettings.DEFAULT, store.settings());
        Files.delete(inTheWay);
        Files.delete(home.resolve("daemon.json"));
        assertEquals(BRIDGE, await(store.change(now -> now.with(BRIDGE))).bridge());
    }
}
