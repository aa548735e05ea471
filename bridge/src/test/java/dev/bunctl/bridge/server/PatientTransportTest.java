package dev.bunctl.bridge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server with TLS whose handshakes never time out, so that nothing but their number cuts one. */
@Timeout(120)
class PatientTransportTest {
    private static final String HOST = "127.0.0.1";
    private static final int MORE = 20;

    @TempDir
    private Path folder;

    @Test
    void handshakesThatAreBegunAndNotGoneOnWith_giveWay_andOthersAreServed() throws Exception {
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(1))
                .withTransport(PatientTransport.make())
                .build();
        List<Socket> silent = new ArrayList<>();
        try {
            int port = serve(vertx);
            for (int i = 0; i < PatientTransport.MAX_HANDSHAKES + MORE; i++) {
                Socket one = new Socket(InetAddress.getLoopbackAddress(), port);
                // The head of a record, so that some have begun.
                one.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0}, 0, i % 6);
                silent.add(one);
            }
            assertServes(vertx, port);
            for (Socket cut : silent.subList(0, MORE)) {
                assertEquals(-1, read(cut));
            }
            assertServes(vertx, port);
        } finally {
            for (Socket one : silent) {
                one.close();
            }
            BridgeFixture.await(vertx.close());
        }
    }

    /** A reset is an end as well. */
    private static int read(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (java.net.SocketException reset) {
            return -1;
        }
    }

    private int serve(Vertx vertx) throws Exception {
        Certificates.Pair pair = Certificates.make(folder, "server");
        NetServer server = vertx.createNetServer(new NetServerOptions()
                .setHost(HOST)
                .setPort(0)
                .setSsl(true)
                .setSslHandshakeTimeout(1)
                .setSslHandshakeTimeoutUnit(TimeUnit.HOURS)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(pair.certificate().toString())
                        .setKeyPath(pair.key().toString())));
        server.connectHandler(socket -> socket.handler(socket::write));
        return BridgeFixture.await(server.listen()).actualPort();
    }

    private static void assertServes(Vertx vertx, int port) throws Exception {
        NetClient client = vertx.createNetClient(
                new NetClientOptions().setSsl(true).setTrustAll(true).setHostnameVerificationAlgorithm(""));
        BlockingQueue<Buffer> echoed = new LinkedBlockingQueue<>();
        NetSocket socket = BridgeFixture.await(client.connect(port, HOST));
        socket.handler(echoed::add);
        BridgeFixture.await(socket.write("hello"));
        assertEquals(Buffer.buffer("hello"), echoed.poll(30, TimeUnit.SECONDS));
        BridgeFixture.await(client.close());
    }
}
