package dev.bunctl.verticles.supervisor.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Readiness;
import dev.bunctl.conf.StopPolicy;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.verticles.lifecycle.Specs;
import dev.bunctl.verticles.supervisor.Channels;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sockets of a real event loop, with programs pretended. */
@Timeout(60)
final class AppChannelsTest {
    private static final ProcessKey KEY = new ProcessKey("api:0", 7);
    private static final AppSpec SPEC = Specs.DEFAULT
            .with(new Readiness(new Readiness.Message(), Duration.ofSeconds(3), false))
            .with(new StopPolicy("SIGINT", Duration.ofSeconds(5), true, StopPolicy.KillMode.TREE))
            .spec();

    @TempDir
    private Path home;

    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true))
            .build();
    private final FakePlatform platform = new FakePlatform();
    private final Promise<Void> ready = Promise.promise();
    private final Promise<Void> served = Promise.promise();
    private AppChannels channels;
    private Path socket;

    @BeforeEach
    void begin() throws Exception {
        Path _ = Files.createDirectory(home.resolve("run"));
        channels = new AppChannels(vertx, platform, ChannelFolders.of(home, Optional.empty()), served.future());
        served.complete();
        Map<String, String> variables = onLoop(() -> channels.open(KEY, SPEC, false));
        socket = Path.of(variables.get(Channels.MESSAGES_VARIABLE));
        var _ = onLoop(() -> Future.succeededFuture(channels.whenReady(KEY, ready::tryComplete)));
    }

    @AfterEach
    void end() throws Exception {
        var _ = vertx.close().await(30, TimeUnit.SECONDS);
    }

    private <T> T onLoop(Callable<Future<T>> work) throws Exception {
        Promise<T> done = Promise.promise();
        vertx.runOnContext(_ -> {
            try {
                work.call().onComplete(done);
            } catch (Exception e) {
                done.fail(e);
            }
        });
        return done.future().await(30, TimeUnit.SECONDS);
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    private static void say(SocketChannel channel, String line) throws IOException {
        ByteBuffer out = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (out.hasRemaining()) {
            var _ = channel.write(out);
        }
    }

    private static BufferedReader reader(SocketChannel channel) {
        return new BufferedReader(java.nio.channels.Channels.newReader(channel, StandardCharsets.UTF_8));
    }

    /** Ended by the daemon, whether or not what was written had been read. */
    private static boolean isEnded(SocketChannel channel) throws ClosedByInterruptException {
        try {
            return channel.read(ByteBuffer.allocate(1)) < 0;
        } catch (ClosedByInterruptException tooLate) {
            throw tooLate;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void socket_isItsUsersAlone() throws Exception {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
        assertEquals(home.resolve("run"), socket.getParent());
    }

    @Test
    void ready_isHeard_amongOtherMessages() throws Exception {
        try (SocketChannel channel = connect()) {
            say(channel, "{\"type\":\"hello\",\"version\":1,\"pid\":1,\"ready\":false}");
            say(channel, "{\"type\":\"message\",\"data\":{\"ready\":true}}");
            say(channel, "{\"type\":\"of tomorrow\"}");
            say(channel, "{\"type\":\"message\",\"data\":\"ready\"}");
            var _ = ready.future().await(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void readyOfAnEarlierConnection_isHeardInTheHello() throws Exception {
        try (SocketChannel channel = connect()) {
            say(channel, "{\"type\":\"hello\",\"version\":1,\"pid\":1,\"ready\":true}");
            var _ = ready.future().await(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void whoAsksLate_isToldAtOnce() throws Exception {
        try (SocketChannel channel = connect()) {
            say(channel, "{\"type\":\"message\",\"data\":\"ready\"}");
            var _ = ready.future().await(30, TimeUnit.SECONDS);
        }
        Promise<Void> late = Promise.promise();
        var _ = onLoop(() -> Future.succeededFuture(channels.whenReady(KEY, late::tryComplete)));
        assertTrue(late.future().isComplete());
    }

    @Test
    void longestLine_isTaken_andALongerOneEndsTheConnection() throws Exception {
        String begin = "{\"type\":\"message\",\"data\":\"";
        try (SocketChannel channel = connect()) {
            say(channel, begin + "€".repeat(65_536 - begin.length() - 2) + "\"}");
            say(channel, "{\"type\":\"message\",\"data\":\"ready\"}");
            var _ = ready.future().await(30, TimeUnit.SECONDS);
        }
        Map<String, String> variables = onLoop(() -> channels.open(new ProcessKey("other:0", 1), SPEC, false));
        socket = Path.of(variables.get(Channels.MESSAGES_VARIABLE));
        try (SocketChannel channel = connect()) {
            ByteBuffer endless =
                    ByteBuffer.wrap("x".repeat(MessageSocket.MAX_LINE + 1).getBytes(StandardCharsets.UTF_8));
            assertTrue(isEndedWhileWriting(channel, endless) || isEnded(channel));
        }
    }

    private static boolean isEndedWhileWriting(SocketChannel channel, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                var _ = channel.write(bytes);
            }
            return false;
        } catch (IOException ended) {
            return true;
        }
    }

    @Test
    void malformedLine_endsTheConnectionAndNothingElse() throws Exception {
        for (String line :
                List.of("{", "[]", "{\"type\":\"hello\",\"ready\":1}", "{\"type\":\"hello\",\"ready\":\"yes\"}", "")) {
            try (SocketChannel channel = connect()) {
                say(channel, line);
                assertTrue(isEnded(channel), line);
            }
        }
        assertFalse(ready.future().isComplete());
        try (SocketChannel channel = connect()) {
            say(channel, "{\"type\":\"message\",\"data\":\"ready\"}");
            var _ = ready.future().await(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void connections_areLimited() throws Exception {
        List<SocketChannel> all = new ArrayList<>();
        try {
            for (int i = 0; i < MessageSocket.MAX_CONNECTIONS; i++) {
                all.add(connect());
            }
            try (SocketChannel surplus = connect()) {
                assertTrue(isEnded(surplus));
            }
            say(all.getLast(), "{\"type\":\"message\",\"data\":\"ready\"}");
            var _ = ready.future().await(30, TimeUnit.SECONDS);
        } finally {
            for (SocketChannel channel : all) {
                channel.close();
            }
        }
    }

    @Test
    void shutdown_isToldToWhoListens() throws Exception {
        assertFalse(onLoop(() -> channels.tellShutdown(KEY)), "nobody has ever listened");
        try (SocketChannel channel = connect()) {
            say(channel, "{\"type\":\"message\",\"data\":\"ready\"}");
            var _ = ready.future().await(30, TimeUnit.SECONDS);
            assertTrue(onLoop(() -> channels.tellShutdown(KEY)));
            assertEquals(
                    "{\"type\":\"message\",\"data\":\"shutdown\"}",
                    reader(channel).readLine());
        }
    }

    @Test
    void shutdown_waitsForAProgramOfAFormerDaemonToComeBack() throws Exception {
        ProcessKey left = new ProcessKey("api:0", 6);
        Map<String, String> variables = onLoop(() -> channels.open(left, SPEC, true));
        socket = Path.of(variables.get(Channels.MESSAGES_VARIABLE));
        Promise<Boolean> told = Promise.promise();
        var _ = onLoop(() -> {
            channels.tellShutdown(left).onComplete(told);
            return Future.succeededFuture();
        });
        assertFalse(told.future().isComplete());
        try (SocketChannel channel = connect()) {
            assertTrue(told.future().await(30, TimeUnit.SECONDS));
            assertEquals(
                    "{\"type\":\"message\",\"data\":\"shutdown\"}",
                    reader(channel).readLine());
        }
    }

    @Test
    void closed_leavesNothing() throws Exception {
        try (SocketChannel channel = connect()) {
            var _ = onLoop(() -> channels.close(KEY));
            assertTrue(isEnded(channel));
        }
        assertFalse(Files.exists(socket));
        assertFalse(onLoop(() -> channels.tellShutdown(KEY)));
    }

    @Test
    void socket_isMadeOnlyOnceTheDaemonServesItsClients() throws Exception {
        Promise<Void> later = Promise.promise();
        AppChannels early = new AppChannels(vertx, platform, ChannelFolders.of(home, Optional.empty()), later.future());
        ProcessKey key = new ProcessKey("early:0", 1);
        Promise<Map<String, String>> made = Promise.promise();
        var _ = onLoop(() -> {
            early.open(key, SPEC, true).onComplete(made);
            return Future.succeededFuture();
        });
        assertFalse(made.future().isComplete());
        later.complete();
        Map<String, String> variables = made.future().await(30, TimeUnit.SECONDS);
        assertTrue(Files.exists(Path.of(variables.get(Channels.MESSAGES_VARIABLE))));
    }

    @Test
    void appThatDeclaresNothing_getsNothing() throws Exception {
        ProcessKey other = new ProcessKey("plain:0", 1);
        assertEquals(Map.of(), onLoop(() -> channels.open(other, Specs.DEFAULT.spec(), false)));
    }
}
