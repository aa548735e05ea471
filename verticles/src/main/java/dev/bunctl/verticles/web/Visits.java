package dev.bunctl.verticles.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The connections to the web server, bounded in number and in time. A client that is slow on purpose can neither stay nor keep
 * others out: its time does not begin anew with each byte, and when there is no more room, the connection on which nothing was
 * completed for longest gives way. Those that became sockets of the event bus have limits of their own. Used from one event loop.
 */
final class Visits {
    private final Vertx vertx;
    private final WebLimits limits;
    private final Map<Channel, Visit> all = new HashMap<>();

    /** Those that are no sockets, the one that has been quiet longest first. */
    private final Set<Visit> quietest = new LinkedHashSet<>();

    private long untaken;

    /** One connection. */
    private final class Visit {
        private final Channel channel;
        private long timer;
        private boolean timed;
        private long untaken;

        Visit(Channel channel) {
            this.channel = channel;
        }

        /** Something was completed: the next thing has so long. */
        void went(Duration next) {
            stopTimer();
            quietest.remove(this);
            quietest.add(this);
            timer = vertx.setTimer(next.toMillis(), _ -> cut());
            timed = true;
        }

        /** It is a socket now. */
        void leaves() {
            stopTimer();
            quietest.remove(this);
        }

        private void stopTimer() {
            if (timed) {
                boolean _ = vertx.cancelTimer(timer);
                timed = false;
            }
        }

        void cut() {
            over();
            close(channel);
        }

        void over() {
            leaves();
            all.remove(channel, this);
        }
    }

    Visits(Vertx vertx, WebLimits limits) {
        this.vertx = vertx;
        this.limits = limits;
    }

    /** How many there are. */
    int count() {
        return all.size();
    }

    static Channel channel(HttpConnection connection) {
        return ((HttpServerConnection) connection).channelHandlerContext().channel();
    }

    /**
     * Closes a connection now. To close it as Vert.x does would wait for the client to take what it was sent, and TLS would say
     * farewell first.
     */
    static void close(Channel channel) {
        ChannelHandlerContext outermost = channel.pipeline().firstContext();
        if (outermost != null) {
            var _ = outermost.close();
        }
    }

    /** Takes in a new connection, or closes it. */
    void opened(HttpConnection connection) {
        Channel channel = channel(connection);
        if (all.size() >= limits.connections() && !quietestGivesWay()) {
            close(channel);
            return;
        }
        Visit visit = new Visit(channel);
        all.put(channel, visit);
        // Not the connection's own handler: it is silent once the connection has become a socket.
        var _ = channel.closeFuture().addListener(_ -> visit.over());
        visit.went(limits.firstRequest());
    }

    private boolean quietestGivesWay() {
        if (quietest.isEmpty()) {
            return false;
        }
        quietest.iterator().next().cut();
        return true;
    }

    /** A request has come, and may be answered. */
    void began(RoutingContext context) {
        Visit visit = all.get(channel(context.request().connection()));
        if (visit != null) {
            visit.went(limits.request());
            int _ = context.addEndHandler(_ -> answered(visit));
        }
        context.next();
    }

    private void answered(Visit visit) {
        if (quietest.contains(visit)) {
            visit.went(limits.request());
        }
    }

    /** A connection is a socket from now on. */
    void upgraded(HttpConnection connection) {
        Visit visit = all.get(channel(connection));
        if (visit != null) {
            visit.leaves();
        }
    }

    /** Answers with so much that many slow clients could fill the heap with it. */
    void answer(RoutingContext context, Buffer body) {
        Visit visit = all.get(channel(context.request().connection()));
        if (visit == null) {
            return;
        }
        int length = body.length();
        visit.untaken += length;
        untaken += length;
        var _ = context.response().end(body).onComplete(_ -> {
            visit.untaken -= length;
            untaken -= length;
        });
        if (untaken > limits.untakenBytes()) {
            quietest.stream().filter(other -> other.untaken > 0).findFirst().ifPresent(Visit::cut);
        }
    }
}
