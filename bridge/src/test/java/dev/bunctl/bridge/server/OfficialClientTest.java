package dev.bunctl.bridge.server;

import io.vertx.core.net.NetClient;
import io.vertx.core.net.SocketAddress;

/** Over the Unix socket of a daemon. */
class OfficialClientTest extends OfficialClientContract {
    @Override
    protected NetClient client(BridgeFixture bridge) {
        return bridge.vertx.createNetClient();
    }

    @Override
    protected SocketAddress address() {
        return SocketAddress.domainSocketAddress(folder.resolve("bridge.sock").toString());
    }
}
