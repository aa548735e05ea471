package dev.bunctl.verticles.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Origin;
import dev.bunctl.verticles.state.DesiredApp;
import dev.bunctl.verticles.state.DesiredInstance;
import dev.bunctl.verticles.state.DesiredState;
import dev.bunctl.verticles.state.Intent;
import dev.bunctl.verticles.state.Specs;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationWatchTest {
    private static final long PATIENCE_SECONDS = 60;
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-31T08:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<Applied> applied = new LinkedBlockingQueue<>();

    /** Made by each test. */
    @SuppressWarnings("NullAway.Init")
    private ConfigurationWatch watch;

    /** One time that a configuration was applied; the test says what comes of it. */
    private record Applied(Origin origin, Promise<Optional<String>> outcome) {}

    /** Files of which the test says when they are saved. */
    private static final class PretendedSaves implements SavedFiles {
        final BlockingQueue<Set<Path>> followed = new LinkedBlockingQueue<>();
        Consumer<Path> saved = file -> {};

        @Override
        public void follow(Set<Path> files) {
            followed.add(files);
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void close() throws Exception {
        onLoop(() -> {
            watch.close();
            return true;
        });
        vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @CanIgnoreReturnValue
    private <T> T onLoop(Callable<T> action) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        vertx.getOrCreateContext().runOnContext(_ -> {
            try {
                done.complete(action.call());
            } catch (Exception failed) {
                done.completeExceptionally(failed);
            }
        });
        return done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void watch(Function<Consumer<Path>, SavedFiles> saves, Origin... origins) throws Exception {
        onLoop(() -> watch = new ConfigurationWatch(vertx, saves, this::apply, CLOCK));
        follow(origins);
    }

    private Future<Optional<String>> apply(Origin origin, AppSpec like) {
        Promise<Optional<String>> outcome = Promise.promise();
        applied.add(new Applied(origin, outcome));
        return outcome.future();
    }

    private void follow(Origin... origins) throws Exception {
        LinkedHashMap<String, DesiredApp> apps = new LinkedHashMap<>();
        for (Origin origin : origins) {
            String name = "app-" + apps.size();
            List<DesiredInstance> instances = List.of(new DesiredInstance(apps.size(), 0, Intent.RUN));
            apps.put(name, new DesiredApp(Specs.of(name), instances, Optional.of(origin)));
        }
        Future<Void> looking = onLoop(() -> watch.follow(new DesiredState(apps.size(), "boot", apps)));
        var _ = looking.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private Applied next() throws InterruptedException {
        Applied one = applied.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertTrue(one != null, "nothing was applied");
        return one;
    }

    private Origin watched(String name) {
        return new Origin(folder.resolve(name), Optional.of("production"), true);
    }

    private List<String> warnings() throws Exception {
        return onLoop(watch::warnings);
    }

    @Test
    void manySavesInOneGo_areAppliedOnce() throws Exception {
        PretendedSaves saves = new PretendedSaves();
        Origin origin = watched("bunctl.json");
        watch(
                saved -> {
                    saves.saved = saved;
                    return saves;
                },
                origin);
        for (int n = 0; n < 50; n++) {
            saves.saved.accept(origin.file());
        }
        Applied first = next();
        assertEquals(origin, first.origin());
        // Saved again while that is under way: applied once more, not beside it.
        saves.saved.accept(origin.file());
        saves.saved.accept(folder.resolve("other.json"));
        onLoop(() -> vertx.setTimer(
                3 * ConfigurationWatch.SETTLE_MILLIS, _ -> first.outcome().complete(Optional.empty())));
        next().outcome().complete(Optional.empty());
        assertTrue(applied.isEmpty());
    }

    @Test
    void saveThatCannotBeApplied_isToldUntilOneCan() throws Exception {
        PretendedSaves saves = new PretendedSaves();
        Origin origin = watched("bunctl.json");
        watch(
                saved -> {
                    saves.saved = saved;
                    return saves;
                },
                origin);
        saves.saved.accept(origin.file());
        next().outcome().complete(Optional.of("bunctl.json:1:1: broken"));
        assertEquals(
                List.of(origin.file() + " was saved at 2026-01-31T08:00:00Z and not applied; nothing was changed:"
                        + " bunctl.json:1:1: broken"),
                warnings());
        saves.saved.accept(origin.file());
        next().outcome().complete(Optional.empty());
        assertEquals(List.of(), warnings());
    }

    @Test
    void onlyWhatAppsWereStartedFrom_isFollowed() throws Exception {
        PretendedSaves saves = new PretendedSaves();
        Origin one = watched("one.json");
        Origin unwatched = new Origin(folder.resolve("two.json"), Optional.empty(), false);
        watch(
                saved -> {
                    saves.saved = saved;
                    return saves;
                },
                one,
                one,
                unwatched);
        assertEquals(Set.of(one.file()), saves.followed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
        follow(unwatched);
        assertEquals(Set.of(), saves.followed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
        saves.saved.accept(one.file());
        assertEquals(List.of(), warnings());
        assertTrue(applied.isEmpty());
    }

    @Test
    void writtenReplacedAndRemovedFiles_areSeen() throws Exception {
        Origin origin = watched("bunctl.json");
        Files.writeString(origin.file(), "{}");
        watch(FolderEvents::new, origin);

        Files.writeString(origin.file(), "{\"a\":1}");
        next().outcome().complete(Optional.empty());
        for (int n = 0; n < 2; n++) {
            Path temporary = Files.writeString(folder.resolve(".bunctl.json.swp"), "{\"b\":" + n + "}");
            Files.move(temporary, origin.file(), StandardCopyOption.ATOMIC_MOVE);
            next().outcome().complete(Optional.empty());
        }
        Files.delete(origin.file());
        next().outcome().complete(Optional.of("gone"));
        Files.writeString(origin.file(), "{}");
        next().outcome().complete(Optional.empty());
    }

    @Test
    void folderThatIsNotThere_isTold() throws Exception {
        watch(
                saved -> new SavedFiles() {
                    @Override
                    public void follow(Set<Path> files) throws IOException {
                        throw new IOException("no watches left");
                    }

                    @Override
                    public void close() {}
                },
                watched("x.json"));
        assertTrue(warnings().getFirst().contains("no watches left"), warnings().toString());
    }

    @Test
    void filesOfOthers_areNotApplied() throws Exception {
        watch(saved -> new PretendedSaves());
        Path file = Files.writeString(folder.resolve("bunctl.json"), "{}");
        FileOwner owner = new FileOwner(folder);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        assertEquals(Optional.empty(), owner.problemOf(file));
        assertEquals(Optional.empty(), owner.problemOf(folder.resolve("gone.json")));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertTrue(owner.problemOf(file).orElseThrow().contains("everybody may write"));
    }
}
