package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.AppEvent;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.Metrics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of the last minutes, as long as it is wanted: then whoever opens the web page sees where it came from. Used from one
 * event loop.
 */
final class Recent {
    /** Changes that are kept. */
    static final int MAX_EVENTS = 1000;

    private final Deque<AppEvent> events = new ArrayDeque<>();
    private @Nullable UsageHistory usage;

    /** Begins to keep, or ends that and forgets. */
    void keep(boolean on) {
        if (!on) {
            usage = null;
            events.clear();
        } else if (usage == null) {
            usage = new UsageHistory();
        }
    }

    void add(Metrics metrics) {
        if (usage != null) {
            usage.add(metrics);
        }
    }

    void add(AppEvent event) {
        if (usage != null) {
            if (events.size() == MAX_EVENTS) {
                events.remove();
            }
            events.add(event);
        }
    }

    /** Answers a command, see {@link dev.bunctl.verticles.internal.InternalAddresses#RECENT}. */
    Answer answer(Command command) {
        UsageHistory kept = usage;
        if (kept == null) {
            return new Answer.Refused(
                    ErrorCode.UNSUPPORTED,
                    "nothing of the past is kept while the web page is closed",
                    Optional.of("'bunctl web' opens it"));
        }
        return command instanceof Command.UsageHistory(Optional<String> app)
                ? kept.of(app)
                : new Answer.RecentEvents(new ArrayList<>(events));
    }
}
