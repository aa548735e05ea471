package dev.bunctl.bridge.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.impl.transports.TransportInternal;
import io.vertx.core.transport.Transport;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Vert.x's epoll transport, except that the TLS handshakes that a server has under way are bounded: the one that has waited longest
 * gives way to the next, so clients that begin one and stay silent neither fill the heap nor keep others out. Vert.x itself tells
 * of an HTTP connection only once its handshake is done.
 */
public class PatientTransport extends EpollTransport {
    /** Handshakes of one server under way at one time. */
    public static final int MAX_HANDSHAKES = 64;

    /** Makes the transport for {@link io.vertx.core.VertxBuilder#withTransport}. */
    public static Transport make() {
        return new PatientTransport().asTransport();
    }

    final Transport asTransport() {
        return new TransportInternal("epoll", isAvailable(), unavailabilityCause(), this);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        ChannelFactory<? extends ServerChannel> factory = super.serverChannelFactory(domainSocket);
        return domainSocket
                ? factory
                : () -> {
                    ServerChannel server = factory.newChannel();
                    server.pipeline().addFirst(new Accepted());
                    return server;
                };
    }

    /** Sees each connection that a server accepts, before anything else does. */
    private static final class Accepted extends ChannelInboundHandlerAdapter {
        private final Handshakes handshakes = new Handshakes();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Channel client) {
                client.pipeline().addLast(new Begun(handshakes));
            }
            context.fireChannelRead(message);
        }
    }

    /** Looks at one connection when it is ready to be read: whether it begins with a handshake is plain by then. */
    private static final class Begun extends ChannelInboundHandlerAdapter {
        private final Handshakes handshakes;

        Begun(Handshakes handshakes) {
            this.handshakes = handshakes;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            SslHandler encryption = context.pipeline().get(SslHandler.class);
            if (encryption != null) {
                handshakes.begun(context.channel());
                encryption.handshakeFuture().addListener(_ -> handshakes.over(context.channel()));
            }
            context.pipeline().remove(this);
            context.fireChannelActive();
        }
    }

    /** Those of one server that are under way. Its connections may be on several event loops. */
    private static final class Handshakes {
        private final Set<Channel> underWay = new LinkedHashSet<>();

        synchronized void begun(Channel channel) {
            if (underWay.size() >= MAX_HANDSHAKES) {
                Channel eldest = underWay.iterator().next();
                underWay.remove(eldest);
                var _ = eldest.close();
            }
            underWay.add(channel);
        }

        synchronized void over(Channel channel) {
            underWay.remove(channel);
        }
    }
}
