package dev.bunctl.verticles.supervisor.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.HealthCheck;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.verticles.lifecycle.Specs;
import dev.bunctl.verticles.supervisor.SpawnPlanner;
import dev.bunctl.verticles.supervisor.Watches;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ProbesTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void end() throws TimeoutException {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(30, TimeUnit.SECONDS);
    }

    private String serve(Consumer<HttpServerRequest> handler) throws TimeoutException {
        int port = await(
                        vertx.createHttpServer().requestHandler(handler::accept).listen(0, "127.0.0.1"))
                .actualPort();
        return "http://127.0.0.1:" + port + "/health";
    }

    private Optional<String> http(String url, Optional<Integer> status, Optional<String> body, Duration timeout)
            throws TimeoutException {
        return await(new HttpProbe(
                        new Shared<>(vertx.getOrCreateContext(), vertx::createHttpClient),
                        url,
                        Map.of("X-Probe", "1"),
                        status,
                        body.map(Pattern::compile))
                .run(timeout));
    }

    @Test
    void http_isWellOn200() throws TimeoutException {
        String url = serve(request -> {
            Future<Void> _ = request.response().end(request.getHeader("X-Probe") + "up");
        });
        assertEquals(Optional.empty(), http(url, Optional.empty(), Optional.of("1up"), LONG));
        assertEquals(Optional.empty(), http(url, Optional.of(200), Optional.empty(), LONG));
    }

    @Test
    void http_saysWhichStatusItGot() throws TimeoutException {
        String url = serve(request -> {
            Future<Void> _ = request.response().setStatusCode(500).end();
        });
        assertEquals(Optional.of("GET " + url + ": status 500"), http(url, Optional.empty(), Optional.empty(), LONG));
        assertEquals(Optional.empty(), http(url, Optional.of(500), Optional.empty(), LONG));
    }

    @Test
    void http_looksOnlyAtTheBeginningOfTheBody() throws TimeoutException {
        String url = serve(request -> {
            Future<Void> _ = request.response().end("x".repeat(HttpProbe.MAX_BODY - 1) + "up");
        });
        assertTrue(http(url, Optional.empty(), Optional.of("up"), LONG).isPresent());
        assertEquals(Optional.empty(), http(url, Optional.empty(), Optional.of("xu"), LONG));
    }

    @Test
    void httpServerThatHangs_isGivenUpAfterTheTimeoutAndItsConnectionClosed() throws TimeoutException {
        Promise<Void> closed = Promise.promise();
        String url = serve(request -> request.connection().closeHandler(gone -> closed.tryComplete()));
        assertTrue(http(url, Optional.empty(), Optional.empty(), SHORT).isPresent());
        await(closed.future());
    }

    @Test
    void httpAddressThatIsNone_isAProblemNotAnException() throws TimeoutException {
        assertTrue(http("http:// bad", Optional.empty(), Optional.empty(), LONG).isPresent());
    }

    @Test
    void tcp_isWellWhenSomethingListens() throws TimeoutException {
        NetServer server =
                await(vertx.createNetServer().connectHandler(socket -> {}).listen(0, "127.0.0.1"));
        TcpProbe probe = new TcpProbe(
                new Shared<>(vertx.getOrCreateContext(), vertx::createNetClient), "127.0.0.1", server.actualPort());
        assertEquals(Optional.empty(), await(probe.run(LONG)));
        await(server.close());
        assertTrue(await(probe.run(LONG)).isPresent());
    }

    @Test
    void sharedClient_outlivesTheVerticleThatAskedForItFirst() throws TimeoutException {
        NetServer server =
                await(vertx.createNetServer().connectHandler(socket -> {}).listen(0, "127.0.0.1"));
        Shared<NetClient> clients = new Shared<>(vertx.getOrCreateContext(), vertx::createNetClient);
        TcpProbe probe = new TcpProbe(clients, "127.0.0.1", server.actualPort());
        String id = await(vertx.deployVerticle(context -> probe.run(LONG)));
        await(vertx.undeploy(id));
        assertEquals(Optional.empty(), await(probe.run(LONG)));
    }

    @Test
    void readiness_isReportedOnceThePortOpens() throws TimeoutException, IOException {
        Shared<NetClient> clients = new Shared<>(vertx.getOrCreateContext(), vertx::createNetClient);
        Deque<Integer> tries = new ArrayDeque<>();
        Promise<Void> ready = Promise.promise();
        try (Socket closed = new Socket()) {
            // Bound, so that nobody else is given it, and never listened on.
            closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Probe opening = timeout -> {
                tries.add(1);
                return tries.size() < 3
                        ? new TcpProbe(clients, "127.0.0.1", closed.getLocalPort()).run(timeout)
                        : vertx.createNetServer()
                                .connectHandler(socket -> {})
                                .listen(0, "127.0.0.1")
                                .compose(
                                        server -> new TcpProbe(clients, "127.0.0.1", server.actualPort()).run(timeout));
            };
            Watches.Watch watch = new ReadinessWatch(vertx, opening, ready::complete).begin();
            await(ready.future());
            assertEquals(3, tries.size());
            watch.end();
        }
    }

    private Promise<String> watch(Deque<Optional<String>> results, int retries, Duration startPeriod) {
        Promise<String> unhealthy = Promise.promise();
        HealthCheck check =
                new HealthCheck(new HealthCheck.Tcp("unused", 1), Duration.ofMillis(1), LONG, retries, startPeriod);
        Probe scripted = timeout -> {
            Optional<String> result = results.poll();
            return result == null ? Promise.<Optional<String>>promise().future() : Future.succeededFuture(result);
        };
        HealthWatch _ = new HealthWatch(vertx, check, scripted, () -> {}, why -> unhealthy.tryComplete(why)).begin();
        return unhealthy;
    }

    @Test
    void health_reportsOnlyAfterSoManyFailuresInARow() throws TimeoutException {
        Deque<Optional<String>> results = new ArrayDeque<>(List.of(
                Optional.of("1"),
                Optional.of("2"),
                Optional.empty(),
                Optional.of("3"),
                Optional.of("4"),
                Optional.of("5")));
        assertEquals(
                "health check failed 3 times in a row: 5",
                await(watch(results, 3, Duration.ZERO).future()));
    }

    @Test
    void health_doesNotCountFailuresOfTheStartPeriodUntilItWasWellOnce() throws TimeoutException {
        Deque<Optional<String>> results = new ArrayDeque<>(
                List.of(Optional.of("starting"), Optional.of("starting"), Optional.empty(), Optional.of("down")));
        assertEquals(
                "health check failed: down",
                await(watch(results, 1, Duration.ofDays(1)).future()));
    }

    @Test
    void exec_isWellWhenTheProgramEndsWith0() throws TimeoutException {
        FakePlatform platform = new FakePlatform();
        Future<Optional<String>> running = exec(platform, LONG);
        runningCheck(platform, 0);
        assertEquals(Optional.empty(), await(running));
        assertTrue(platform.processes().all().isEmpty(), "forgotten");
    }

    @Test
    void exec_saysHowTheProgramFailed() throws TimeoutException {
        FakePlatform platform = new FakePlatform();
        Future<Optional<String>> running = exec(platform, LONG);
        runningCheck(platform, 3);
        assertEquals(Optional.of("/bin/check ended with exit code 3"), await(running));
    }

    @Test
    void execThatHangs_isKilled() throws TimeoutException {
        FakePlatform platform = new FakePlatform();
        assertEquals(Optional.of("/bin/check took longer than 50 ms"), await(exec(platform, SHORT)));
    }

    @Test
    void execOfAFormerDaemon_isKilledAndForgotten_andNothingElse() {
        FakePlatform former = new FakePlatform();
        Future<Optional<String>> _ = exec(former, LONG);
        while (former.processes().all().isEmpty()) {
            Thread.onSpinWait();
        }
        FakePlatform platform = former.successor();
        List<Processes.Survivor> others =
                ProbeLeftovers.end(platform.processes(), platform.processes().survivors(), Runnable::run, "other/");
        assertEquals(List.of(), others);
        assertTrue(platform.processes().all().isEmpty(), "killed and forgotten");
    }

    private Future<Optional<String>> exec(FakePlatform platform, Duration timeout) {
        SpawnPlanner planner = new SpawnPlanner(platform);
        return new ExecProbe(
                        vertx,
                        platform.processes(),
                        (ProcessKey key) -> planner.plan(Specs.DEFAULT.spec(), 0, key, Map.of()),
                        "api:0",
                        List.of("/bin/check"))
                .run(timeout);
    }

    private static void runningCheck(FakePlatform platform, int code) {
        while (platform.processes().all().isEmpty()) {
            Thread.onSpinWait();
        }
        platform.processes().running("health/api:0").exit(code);
    }
}
