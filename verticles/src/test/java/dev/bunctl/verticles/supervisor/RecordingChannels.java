package dev.bunctl.verticles.supervisor;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.os.api.ProcessKey;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Channels that exist when asked for, and whose programs listen when told so. */
final class RecordingChannels implements Channels {
    final Set<Integer> open = new TreeSet<>();
    final List<Integer> told = new ArrayList<>();
    boolean listened;
    boolean broken;

    @Override
    public Future<Map<String, String>> open(ProcessKey key, AppSpec spec, boolean adopted) {
        if (!Channels.asks(spec)) {
            return Future.succeededFuture(Map.of());
        }
        if (broken) {
            return Future.failedFuture("no room for a socket");
        }
        open.add(key.generation());
        return Future.succeededFuture(Map.of(MESSAGES_VARIABLE, "/run/" + key.generation()));
    }

    @Override
    public Watches.Watch whenReady(ProcessKey key, Runnable ready) {
        return () -> {};
    }

    @Override
    public Future<Boolean> tellShutdown(ProcessKey key) {
        if (listened) {
            told.add(key.generation());
        }
        return Future.succeededFuture(listened);
    }

    @Override
    public Future<Void> close(ProcessKey key) {
        open.remove(key.generation());
        return Future.succeededFuture();
    }
}
