package dev.bunctl.bridge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.wire.Protocol;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.eventbus.bridge.tcp.impl.protocol.FrameHelper;
import java.util.Optional;

/** From another host: TLS with the certificate of the daemon, and a token. */
class OfficialClientOverTlsTest extends OfficialClientContract {
    private static final String HOST = "127.0.0.1";
    private static final String TOKEN = "bunctl_right";

    private int port;

    @Override
    protected NetClient client(BridgeFixture bridge) throws Exception {
        Certificates.Pair pair = Certificates.make(folder, "server");
        TcpAccess.Tls tls = new TcpAccess.Tls(pair.certificate(), pair.key(), Optional.empty());
        Authenticator tokens = (token, from) ->
                token.equals(TOKEN) ? Optional.of(new Peer.Bearer("ci", Role.OPERATOR, from)) : Optional.empty();
        port = bridge.listen(new TcpAccess(HOST, 0, Optional.of(tls), tokens));
        return bridge.vertx.createNetClient(new NetClientOptions()
                .setSsl(true)
                .setHostnameVerificationAlgorithm("HTTPS")
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(pair.certificate().toString())));
    }

    @Override
    protected SocketAddress address() {
        return SocketAddress.inetSocketAddress(port, HOST);
    }

    @Override
    protected void begin(NetSocket socket) throws Exception {
        FrameHelper.sendFrame("send", Protocol.LOGIN, "login", new JsonObject().put("token", TOKEN), socket);
        assertEquals("ci", next().getJsonObject("body").getString("name"));
    }
}
