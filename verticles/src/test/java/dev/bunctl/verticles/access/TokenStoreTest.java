package dev.bunctl.verticles.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.access.Tokens;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.message.TokenEntry;
import dev.bunctl.bridge.server.Peer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenStoreTest {
    private static final String FROM = "192.0.2.1";
    private static final Instant NOW = Instant.parse("2026-01-31T08:00:00Z");

    private final Vertx vertx = Vertx.vertx();
    private Instant now = NOW;

    @TempDir
    private Path home;

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private TokenStore store() {
        return new TokenStore(vertx, TokenStore.load(home), () -> now);
    }

    private Path file() {
        return home.resolve("state/tokens.json");
    }

    @Test
    void madeToken_isKnownByItsText_alsoToTheNextDaemon() throws Exception {
        Answer.TokenMade made = await(store().create("ci", Role.OPERATOR, Optional.empty()));

        Optional<Peer.Bearer> known = store().authenticate(made.text(), FROM);

        assertEquals(Optional.of(new Peer.Bearer("ci", Role.OPERATOR, FROM)), known);
        assertEquals(Optional.empty(), store().authenticate(made.text() + "x", FROM));
        assertEquals(Optional.empty(), store().authenticate("", FROM));
    }

    @Test
    void file_holdsNoToken_andIsForItsOwnerAlone() throws Exception {
        Answer.TokenMade made = await(store().create("ci", Role.ADMIN, Optional.empty()));

        String kept = Files.readString(file());

        assertFalse(kept.contains(made.text().substring("bunctl_".length())), kept);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("state"))));
    }

    @Test
    void list_tellsWhatThereIs_butNoHash() throws Exception {
        TokenStore store = store();
        Answer.TokenMade made = await(store.create("ci", Role.OPERATOR, Optional.of(Duration.ofDays(30))));

        assertEquals(
                List.of(new TokenEntry("ci", Role.OPERATOR, NOW, Optional.of(NOW.plus(Duration.ofDays(30))))),
                store.list().tokens());
        assertEquals(store.list().tokens(), List.of(made.token()));
    }

    @Test
    void expiredToken_isNone_andItsConnectionsEnd() throws Exception {
        TokenStore store = store();
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        store.onEnded(ended::add);
        Answer.TokenMade made = await(store.create("short", Role.ADMIN, Optional.of(Duration.ofMillis(50))));
        assertTrue(store.authenticate(made.text(), FROM).isPresent());

        assertEquals("short", ended.poll(60, TimeUnit.SECONDS));

        now = NOW.plusMillis(50);
        assertEquals(Optional.empty(), store.authenticate(made.text(), FROM));
    }

    @Test
    void revokedToken_isNone_andItsConnectionsEnd() throws Exception {
        TokenStore store = store();
        List<String> ended = new ArrayList<>();
        store.onEnded(ended::add);
        Answer.TokenMade made = await(store.create("ci", Role.ADMIN, Optional.empty()));

        assertTrue(await(store.revoke("ci")));

        assertEquals(List.of("ci"), ended);
        assertEquals(Optional.empty(), store.authenticate(made.text(), FROM));
        assertEquals(Optional.empty(), store().authenticate(made.text(), FROM));
        assertFalse(await(store.revoke("ci")));
    }

    @Test
    void takenName_isRefused_andTheFirstHolds() throws Exception {
        TokenStore store = store();
        Future<Answer.TokenMade> first = store.create("ci", Role.OPERATOR, Optional.empty());
        Future<Answer.TokenMade> second = store.create("ci", Role.ADMIN, Optional.empty());

        assertInstanceOf(
                IllegalArgumentException.class,
                assertThrows(ExecutionException.class, () -> await(second)).getCause());
        assertTrue(store.authenticate(await(first).text(), FROM).isPresent());
    }

    @Test
    void fileThatIsNotValid_letsNobodyIn_andIsLeftAsItIs() throws Exception {
        Files.createDirectories(home.resolve("state"));
        Files.writeString(file(), "{\"version\":1,\"tokens\":[{}]}");
        TokenStore store = store();

        assertTrue(store.problem().orElseThrow().contains("tokens.json"));
        assertInstanceOf(
                IOException.class,
                assertThrows(ExecutionException.class, () -> await(store.create("ci", Role.ADMIN, Optional.empty())))
                        .getCause());
        assertEquals("{\"version\":1,\"tokens\":[{}]}", Files.readString(file()));
    }

    @Test
    void tokenThatCannotBeWritten_isNone() throws Exception {
        Files.createDirectories(home.resolve("state/tokens.json/x"));
        TokenStore broken = new TokenStore(
                vertx, new TokenStore.Loaded(TokenStore.load(home).file(), Tokens.NONE, Optional.empty()), () -> now);

        assertThrows(ExecutionException.class, () -> await(broken.create("ci", Role.ADMIN, Optional.empty())));

        assertEquals(List.of(), broken.list().tokens());
    }
}
