package dev.bunctl.verticles.web;

import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.Comparator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What waits to be taken by all pages together: many slow ones must not fill the heap, nor keep from the others what is theirs. */
final class PageBacklog {
    private final Vertx vertx;
    private final WebLimits limits;
    private long queued;
    private @Nullable Channel leaving;

    PageBacklog(Vertx vertx, WebLimits limits) {
        this.vertx = vertx;
        this.limits = limits;
    }

    WebLimits limits() {
        return limits;
    }

    /** Characters that wait. */
    long queued() {
        return queued;
    }

    /** So many characters more wait; or, below zero, wait no more. */
    void add(long characters) {
        queued += characters;
    }

    /** Does something once what was begun is done. */
    void afterwards(Runnable step) {
        vertx.runOnContext(_ -> step.run());
    }

    /**
     * What counts the frames of one page.
     *
     * @param end is told why the page is to be ended
     */
    PageFrames frames(Consumer<String> end) {
        return new PageFrames(vertx, limits.messagesPerSecond(), end);
    }

    /** Cuts off the slowest page where too much waits. */
    void bound(Collection<PageConnection> pages) {
        if (queued > limits.queuedAll()) {
            pages.stream().max(Comparator.comparingLong(PageConnection::queued)).ifPresent(PageConnection::cutOff);
        }
    }

    /**
     * Closes a connection that is being ended, in a while at the latest: an orderly end would wait for the client to take what it
     * was sent. Only the last one has that while, so what is kept for those that leave is bounded too.
     */
    void leaves(Channel channel) {
        Channel former = leaving;
        leaving = channel;
        if (former != null) {
            Visits.close(former);
        }
        long timer = vertx.setTimer(limits.lastWords().toMillis(), _ -> Visits.close(channel));
        var _ = channel.closeFuture().addListener(_ -> {
            boolean _ = vertx.cancelTimer(timer);
            if (channel.equals(leaving)) {
                leaving = null;
            }
        });
    }
}
