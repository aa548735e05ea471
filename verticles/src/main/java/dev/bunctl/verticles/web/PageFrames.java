package dev.bunctl.verticles.web;

import dev.bunctl.bridge.server.TokenBucket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Counts what a page sends against a rate, before SockJS takes it apart: a frame may hold thousands of messages, each of which
 * would be answered, also those that the bridge refuses by itself. What comes faster is read later; what came all the same and is
 * too much for that is the last that is heard of the page.
 */
final class PageFrames extends ChannelInboundHandlerAdapter {
    /** How long reading may have to wait; who is further over the rate means harm. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** Vert.x's own handler, before which this one stands. */
    static final String AFTER = "handler";

    private final Vertx vertx;
    private final TokenBucket rate;
    private final Consumer<String> end;
    private boolean escaped;
    private boolean refused;

    /** @param end is told why the page is to be ended; once */
    PageFrames(Vertx vertx, int messagesPerSecond, Consumer<String> end) {
        this.vertx = vertx;
        this.rate = new TokenBucket(messagesPerSecond, messagesPerSecond, System.nanoTime());
        this.end = end;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof WebSocketFrame frame && !(message instanceof CloseWebSocketFrame)) {
            if (!refused) {
                take(context, frame);
            }
            if (refused) {
                ReferenceCountUtil.release(message);
                return;
            }
        }
        var _ = context.fireChannelRead(message);
    }

    private void take(ChannelHandlerContext context, WebSocketFrame frame) {
        long wait = rate.take(messages(frame), System.nanoTime());
        if (wait > LONGEST_WAIT.toMillis()) {
            refuse("too_many_messages");
        } else if (begins(frame) && !frame.content().isReadable()) {
            // Vert.x would fail on what follows it, and log that each time.
            refuse("empty_fragment");
        } else if (wait > 0 && context.channel().config().isAutoRead()) {
            var _ = context.channel().config().setAutoRead(false);
            var _ = context.executor()
                    .schedule(() -> context.channel().config().setAutoRead(true), wait, TimeUnit.MILLISECONDS);
        }
    }

    private void refuse(String why) {
        refused = true;
        vertx.runOnContext(_ -> end.accept(why));
    }

    private static boolean begins(WebSocketFrame frame) {
        return !frame.isFinalFragment() && !(frame instanceof ContinuationWebSocketFrame);
    }

    /** How many messages are in a frame, which is a JSON list of texts; one at least. */
    private int messages(WebSocketFrame frame) {
        if (!(frame instanceof ContinuationWebSocketFrame)) {
            escaped = false;
        }
        int quotes = 0;
        ByteBuf content = frame.content();
        for (int i = content.readerIndex(); i < content.writerIndex(); i++) {
            byte at = content.getByte(i);
            if (escaped) {
                escaped = false;
            } else if (at == '\\') {
                escaped = true;
            } else if (at == '"') {
                quotes++;
            }
        }
        return Math.max(1, quotes / 2);
    }
}
