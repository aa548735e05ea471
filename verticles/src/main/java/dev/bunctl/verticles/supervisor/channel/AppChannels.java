package dev.bunctl.verticles.supervisor.channel;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.RunAs;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.NotifySocket;
import dev.bunctl.os.api.Platform;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.SpawnPlan;
import dev.bunctl.verticles.supervisor.Channels;
import dev.bunctl.verticles.supervisor.Watches;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The channels of all programs of a daemon. On one event loop. */
public final class AppChannels implements Channels {
    private final Vertx vertx;
    private final Platform platform;
    private final ChannelFolders folders;
    private final Future<Void> served;
    private final Map<ProcessKey, AppChannel> open = new HashMap<>();

    /** @param served completes when sockets may be made: the first that a daemon listens on is its clients' */
    public AppChannels(Vertx vertx, Platform platform, ChannelFolders folders, Future<Void> served) {
        this.vertx = vertx;
        this.platform = platform;
        this.folders = folders;
        this.served = served;
    }

    /** Where the sockets of one generation lie, and who may speak there. */
    private record Place(Path folder, String name, Optional<SpawnPlan.Credentials> credentials, int user) {
        Path file(String ending) {
            return folder.resolve(name + ending);
        }
    }

    @Override
    public Future<Map<String, String>> open(ProcessKey key, AppSpec spec, boolean adopted) {
        if (!Channels.asks(spec)) {
            return Future.succeededFuture(Map.of());
        }
        AppChannel channel = new AppChannel(vertx, adopted);
        open.put(key, channel);
        return served.compose(_ -> vertx.executeBlocking(() -> place(key, spec), false))
                .compose(place -> sockets(channel, spec, place))
                .onFailure(_ -> {
                    Future<Void> _ = close(key);
                });
    }

    private Place place(ProcessKey key, AppSpec spec) throws NativeException, IOException {
        Optional<RunAs> as = spec.user();
        Path folder = folders.folder(as.isPresent());
        String name = ChannelFolders.nameOf(key.instance(), key.generation());
        if (as.isEmpty()) {
            return new Place(folder, name, Optional.empty(), (int) Files.getAttribute(folder, "unix:uid"));
        }
        SpawnPlan.Credentials credentials = platform.credentials(
                as.get().user(),
                as.get().group(),
                as.get().noNewPrivileges(),
                as.get().capabilities());
        return new Place(folder, name, Optional.of(credentials), credentials.user());
    }

    private Future<Map<String, String>> sockets(AppChannel channel, AppSpec spec, Place place) {
        Map<String, String> variables = new HashMap<>(4);
        Future<?> messages = Future.succeededFuture();
        if (Channels.takesMessages(spec)) {
            Path path = place.file(".msg");
            variables.put(MESSAGES_VARIABLE, path.toString());
            messages = MessageSocket.listen(vertx, path, place.user(), channel).onSuccess(channel::hold);
        }
        Future<?> notices = Future.succeededFuture();
        if (Channels.takesNotices(spec)) {
            Path path = place.file(".ntf");
            variables.put(NOTIFY_VARIABLE, path.toString());
            notices = notices(channel, path, place).onSuccess(channel::hold);
        }
        return Future.all(messages, notices).map(_ -> variables);
    }

    private Future<NotifySocket> notices(AppChannel channel, Path path, Place place) {
        Context context = vertx.getOrCreateContext();
        return vertx.executeBlocking(
                () -> platform.openNotify(
                        path, place.credentials(), task -> context.runOnContext(_ -> task.run()), channel::ready),
                false);
    }

    @Override
    public Watches.Watch whenReady(ProcessKey key, Runnable ready) {
        AppChannel channel = open.get(key);
        if (channel == null) {
            return () -> {};
        }
        Runnable end = channel.whenReady(ready);
        return end::run;
    }

    @Override
    public Future<Boolean> tellShutdown(ProcessKey key) {
        AppChannel channel = open.get(key);
        return channel == null ? Future.succeededFuture(false) : channel.tellShutdown();
    }

    @Override
    public Future<Void> close(ProcessKey key) {
        AppChannel channel = open.remove(key);
        return channel == null ? Future.succeededFuture() : channel.close();
    }
}
