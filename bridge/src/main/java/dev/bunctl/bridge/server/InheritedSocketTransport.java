package dev.bunctl.bridge.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The transport of the daemon, whose first Unix server listens on a socket that the parent process has bound and
 * is listening on already: clients queue there while a daemon boots or is replaced. Closing the server closes the
 * descriptor and leaves the socket's file alone, for the socket belongs to the parent.
 */
public final class InheritedSocketTransport extends PatientTransport {
    private static final int FAR_OFF_DAYS = 1;

    private final int descriptor;
    private final String path;
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile @Nullable Channel listening;

    private InheritedSocketTransport(int descriptor, Path path) {
        this.descriptor = descriptor;
        this.path = path.toString();
    }

    /**
     * Makes the transport for {@link io.vertx.core.VertxBuilder#withTransport}.
     *
     * @param descriptor a listening Unix stream socket; belongs to the transport from now on
     * @param path where it is bound: the first Unix address that this Vert.x may listen on
     */
    public static Transport of(int descriptor, Path path) {
        return new InheritedSocketTransport(descriptor, path).asTransport();
    }

    /**
     * Leaves further clients in the queue of the socket, for the next process that listens there. A server that is closed would
     * accept some and drop them: Vert.x gives up its event loops before the socket.
     *
     * @return completes when no more are accepted; at once where there is no inherited socket
     */
    public static Future<Void> stopAccepting(Vertx vertx) {
        Channel channel = ((VertxInternal) vertx).transport() instanceof InheritedSocketTransport transport
                ? transport.listening
                : null;
        if (channel == null || !channel.isRegistered()) {
            return Future.succeededFuture();
        }
        Promise<Void> stopped = Promise.promise();
        channel.eventLoop().execute(() -> {
            channel.config().setAutoRead(false);
            stopped.complete();
        });
        return stopped.future();
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        if (!domainSocket || !taken.compareAndSet(false, true)) {
            return super.serverChannelFactory(domainSocket);
        }
        return this::inherited;
    }

    /** Without a timer Netty's event loops look once a second whether there is one; so each has one that is far off. */
    @Override
    public EventLoopGroup eventLoopGroup(int type, int nThreads, ThreadFactory threadFactory, int ioRatio) {
        EventLoopGroup group = super.eventLoopGroup(type, nThreads, threadFactory, ioRatio);
        for (EventExecutor loop : group) {
            ScheduledFuture<?> _ = loop.scheduleAtFixedRate(() -> {}, FAR_OFF_DAYS, FAR_OFF_DAYS, TimeUnit.DAYS);
        }
        return group;
    }

    private EpollServerDomainSocketChannel inherited() {
        EpollServerDomainSocketChannel channel = new EpollServerDomainSocketChannel(descriptor, true);
        channel.pipeline().addFirst(new BoundAlready(path));
        listening = channel;
        return channel;
    }

    /** Answers a bind to the socket's own path with success, and never lets it reach the socket. */
    private static final class BoundAlready extends ChannelOutboundHandlerAdapter {
        private final String path;

        BoundAlready(String path) {
            this.path = path;
        }

        @Override
        public void bind(ChannelHandlerContext context, SocketAddress address, ChannelPromise promise) {
            if (address instanceof DomainSocketAddress unix && unix.path().equals(path)) {
                promise.setSuccess();
            } else {
                promise.setFailure(new IOException("the inherited socket is " + path + ", not " + address));
            }
        }
    }
}
