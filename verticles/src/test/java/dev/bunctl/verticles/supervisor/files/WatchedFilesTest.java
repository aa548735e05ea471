package dev.bunctl.verticles.supervisor.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.WatchPolicy;
import dev.bunctl.os.api.FolderWatch;
import dev.bunctl.os.api.FolderWatch.Change;
import dev.bunctl.os.api.FolderWatch.Kind;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.verticles.lifecycle.Specs;
import dev.bunctl.verticles.supervisor.FileChanges;
import dev.bunctl.verticles.supervisor.Watches;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a real event loop, with changes made up. */
@Timeout(60)
final class WatchedFilesTest {
    @TempDir
    private Path app;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final List<PretendedFolders> trees = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final CompletableFuture<FolderWatch.Listener> kernel = new CompletableFuture<>();
    private int most = Integer.MAX_VALUE;

    private final FakePlatform platform = new FakePlatform();

    private WatchedFiles files() {
        platform.watchesFolders(listener -> {
            PretendedFolders tree = new PretendedFolders();
            tree.most = most;
            trees.add(tree);
            kernel.complete(changes -> vertx.runOnContext(_ -> listener.changed(changes)));
            return tree;
        });
        return new WatchedFiles(vertx, platform, app.resolve(".home"));
    }

    @AfterEach
    void end() throws Exception {
        var _ = vertx.close().await(30, TimeUnit.SECONDS);
    }

    private AppSpec spec(Duration delay) {
        return Specs.DEFAULT.spec().withWatch(new WatchPolicy(List.of(app), WatchPolicy.IGNORED, delay));
    }

    private FileChanges.Listener listener(String name) {
        return new FileChanges.Listener() {
            @Override
            public void begun() {}

            @Override
            public void changed(String detail) {
                told.add(name + ": " + detail);
            }

            @Override
            public void failed(String why) {
                told.add(name + " failed: " + why);
            }
        };
    }

    private <T> T onLoop(Callable<T> work) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        vertx.runOnContext(_ -> {
            try {
                done.complete(work.call());
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        return done.get(30, TimeUnit.SECONDS);
    }

    private String next() throws InterruptedException {
        return Objects.requireNonNull(told.poll(30, TimeUnit.SECONDS), "nothing was told");
    }

    private static Change written(String name) {
        return new Change(1, Kind.WRITTEN, name, false);
    }

    @Test
    void changes_areToldOnceTheyPause_toEveryInstanceOfTheApp() throws Exception {
        WatchedFiles files = files();
        Watches.Watch one = onLoop(() -> files.follow(spec(Duration.ofMillis(100)), listener("one")));
        Watches.Watch two = onLoop(() -> files.follow(spec(Duration.ofMillis(100)), listener("two")));
        FolderWatch.Listener happens = kernel.get(30, TimeUnit.SECONDS);
        // From the loop, so that no pause of this thread comes between them.
        var _ = onLoop(() -> {
            happens.changed(List.of(written("a.ts"), written("a.ts"), written("b.log")));
            happens.changed(List.of(written("b.ts"), written("c.ts")));
            return true;
        });
        assertEquals("one: " + app.resolve("a.ts") + " and 2 more changed", next());
        assertEquals("two: " + app.resolve("a.ts") + " and 2 more changed", next());
        happens.changed(List.of(written("d.ts")));
        assertEquals("one: " + app.resolve("d.ts") + " changed", next());
        assertEquals(1, trees.size(), "instances share a tree");
        var _ = onLoop(() -> {
            one.end();
            return true;
        });
        assertFalse(trees.getFirst().closed);
        var _ = onLoop(() -> {
            two.end();
            return true;
        });
        Watches.Watch third = onLoop(() -> files.follow(spec(Duration.ofMillis(100)), listener("three")));
        while (trees.size() < 2) {
            Thread.onSpinWait();
        }
        assertEquals("two: " + app.resolve("d.ts") + " changed", next());
        assertTrue(told.isEmpty());
        var _ = onLoop(() -> {
            third.end();
            return true;
        });
    }

    @Test
    void limitThatIsPassed_isToldAndGivesEverythingBack() throws Exception {
        most = 0;
        WatchedFiles files = files();
        var _ = onLoop(() -> files.follow(spec(Duration.ZERO), listener("one")));
        assertTrue(next().startsWith("one failed: inotify_add_watch: no watch is left for "));
        assertTrue(trees.getFirst().closed);
    }
}
