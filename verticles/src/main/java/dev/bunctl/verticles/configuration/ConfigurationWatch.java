package dev.bunctl.verticles.configuration;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Origin;
import dev.bunctl.os.api.Processes;
import dev.bunctl.verticles.state.DesiredApp;
import dev.bunctl.verticles.state.DesiredState;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Applies configurations that say {@code watch_config} whenever they are saved. A configuration is followed as long as an app
 * is known that was started from it. Used from one event loop.
 */
public final class ConfigurationWatch {
    /** How long saving must have paused: editors write a file in several steps. */
    static final long SETTLE_MILLIS = 200;

    private static final System.Logger LOG = System.getLogger(ConfigurationWatch.class.getName());

    private final Vertx vertx;
    private final Context context;
    private final SavedFiles saves;
    private final Reapply reapply;
    private final Clock clock;
    private final Map<Path, Followed> followed = new LinkedHashMap<>();
    private Optional<String> blindness = Optional.empty();

    /** Applies one configuration. */
    interface Reapply {
        /**
         * Reads the file anew and makes what runs what it says.
         *
         * @param like an app that was started from it: in its starter's environment the file is read
         * @return why nothing was changed, or empty
         */
        Future<Optional<String>> apply(Origin origin, AppSpec like);
    }

    /** One configuration. */
    private static final class Followed {
        Origin origin;
        AppSpec like;
        long timer = -1;
        boolean running;
        boolean savedMeanwhile;
        Optional<String> trouble = Optional.empty();

        Followed(Origin origin, AppSpec like) {
            this.origin = origin;
            this.like = like;
        }
    }

    ConfigurationWatch(Vertx vertx, Function<Consumer<Path>, SavedFiles> saves, Reapply reapply, Clock clock) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.saves = saves.apply(file -> context.runOnContext(_ -> saved(file)));
        this.reapply = reapply;
        this.clock = clock;
    }

    /**
     * One for a daemon.
     *
     * @param home of the daemon
     * @param command absolute path of {@code bunctl}
     */
    public static ConfigurationWatch open(Vertx vertx, Processes processes, Path home, Path command) {
        return new ConfigurationWatch(
                vertx, FolderEvents::new, new ApplyOnce(vertx, processes, home, command), Clock.systemUTC());
    }

    /** Follows what the known apps were started from; completes when no later save is missed. */
    @CanIgnoreReturnValue
    public Future<Void> follow(DesiredState state) {
        Map<Path, Followed> now = new LinkedHashMap<>();
        for (DesiredApp app : state.apps().values()) {
            app.origin()
                    .filter(Origin::watched)
                    .ifPresent(origin -> now.computeIfAbsent(origin.file(), file -> kept(file, origin, app.spec())));
        }
        boolean same = now.keySet().equals(followed.keySet());
        followed.forEach((file, old) -> {
            if (!now.containsKey(file)) {
                vertx.cancelTimer(old.timer);
            }
        });
        followed.clear();
        followed.putAll(now);
        return same ? Future.succeededFuture() : look(Set.copyOf(now.keySet()));
    }

    private Followed kept(Path file, Origin origin, AppSpec like) {
        Followed one = followed.getOrDefault(file, new Followed(origin, like));
        one.origin = origin;
        one.like = like;
        return one;
    }

    private Future<Void> look(Set<Path> files) {
        return vertx.<Void>executeBlocking(() -> {
                    saves.follow(files);
                    return null;
                })
                .onSuccess(_ -> blindness = Optional.empty())
                .recover(cause -> {
                    LOG.log(System.Logger.Level.WARNING, "configurations are not watched", cause);
                    blindness = Optional.of("saved configurations are not applied (watch_config): " + cause);
                    return Future.succeededFuture();
                });
    }

    private void saved(Path file) {
        Followed one = followed.get(file);
        if (one == null) {
            return;
        }
        vertx.cancelTimer(one.timer);
        one.timer = vertx.setTimer(SETTLE_MILLIS, _ -> settled(one));
    }

    private void settled(Followed one) {
        if (one.running) {
            one.savedMeanwhile = true;
            return;
        }
        one.running = true;
        String when = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        reapply.apply(one.origin, one.like).onComplete(done -> {
            one.running = false;
            one.trouble = (done.succeeded() ? done.result() : Optional.of(String.valueOf(done.cause())))
                    .map(why -> one.origin.file() + " was saved at " + when + " and not applied; nothing was changed: "
                            + why);
            one.trouble.ifPresent(text -> LOG.log(System.Logger.Level.WARNING, text));
            if (one.savedMeanwhile) {
                one.savedMeanwhile = false;
                settled(one);
            }
        });
    }

    /** What the user should know, in whole sentences: saved configurations that are not in force. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        blindness.ifPresent(warnings::add);
        followed.values().forEach(one -> one.trouble.ifPresent(warnings::add));
        return warnings;
    }

    /** Follows nothing any more. */
    public void close() {
        followed.values().forEach(one -> vertx.cancelTimer(one.timer));
        followed.clear();
        try {
            saves.close();
        } catch (IOException failed) {
            LOG.log(System.Logger.Level.WARNING, "the watch of configurations was not closed", failed);
        }
    }
}
