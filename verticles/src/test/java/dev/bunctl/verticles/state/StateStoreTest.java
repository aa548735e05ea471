package dev.bunctl.verticles.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.verticles.state.StateStore.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateStoreTest {
    @TempDir
    private Path home;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final WorkerExecutor disk = vertx.createSharedWorkerExecutor("disk", 1);

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private StateStore store(StateFiles files) {
        return new StateStore(new StateFile(home, Clock.systemUTC(), files), DesiredState.empty("b"), disk);
    }

    private DesiredState onDisk() throws IOException {
        return new StateFile(home, Clock.systemUTC()).load("b").state();
    }

    private <T> T onLoop(Function<Vertx, Future<T>> action) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        context.runOnContext(_ -> action.apply(vertx).onSuccess(done::complete).onFailure(done::completeExceptionally));
        return done.get(60, TimeUnit.SECONDS);
    }

    private static StateStore.Change<String> adding(String name) {
        return state -> {
            LinkedHashMap<String, DesiredApp> apps = new LinkedHashMap<>(state.apps());
            DesiredInstance instance = new DesiredInstance(state.nextId(), 0, Intent.RUN);
            apps.put(name, new DesiredApp(Specs.of(name), List.of(instance)));
            return new Outcome<>(new DesiredState(state.nextId() + 1, state.bootId(), apps), name);
        };
    }

    @Test
    void change_isAnsweredOnlyWhenTheFileHoldsIt() throws Exception {
        StateStore store = store(new StateFiles.OnDisk());

        DesiredState found = onLoop(_ -> store.change(adding("api")).map(_ -> {
            try {
                return onDisk();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }));

        assertEquals(List.of("api"), List.copyOf(found.apps().keySet()));
        assertEquals(found, store.state());
    }

    @Test
    void changes_thatComeWhileTheDiskIsBusy_areWrittenTogether() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<Path> writes = new ArrayList<>();
        StateFiles slow = new FaultyFiles(Integer.MAX_VALUE) {
            @Override
            public void write(Path file, byte[] content) throws IOException {
                writes.add(file);
                try {
                    assertTrue(release.await(60, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                super.write(file, content);
            }
        };
        StateStore store = store(slow);

        List<String> answers = onLoop(_ -> {
            List<Future<String>> all = new ArrayList<>();
            for (int n = 0; n < 50; n++) {
                all.add(store.change(adding("app" + n)));
            }
            release.countDown();
            return Future.all(all).map(done -> done.list());
        });

        assertEquals(50, answers.size());
        assertEquals(2, writes.size());
        assertEquals(50, onDisk().apps().size());
    }

    @Test
    void change_thatCannotBeWritten_failsAndChangesNothing() throws Exception {
        StateStore store = store(new FaultyFiles(1));
        DesiredState before = store.state();

        Throwable cause = onLoop(_ -> store.change(adding("api"))
                .<Throwable>map(_ -> new AssertionError("was answered"))
                .otherwise(failure -> failure));

        assertTrue(cause instanceof IOException, String.valueOf(cause));
        assertSame(before, store.state());
        assertEquals(DesiredState.empty("b"), onDisk());
        assertEquals("api", onLoop(_ -> store.change(adding("api"))), "works again when the disk does");
    }

    @Test
    void change_thatThrows_failsAloneAndLeavesTheOthers() throws Exception {
        StateStore store = store(new StateFiles.OnDisk());

        List<String> answers = onLoop(_ -> {
            Future<String> broken = store.change(_ -> {
                throw new IllegalStateException("broken");
            });
            Future<String> good = store.change(adding("api"));
            return Future.all(broken.otherwise("failed"), good).map(done -> done.list());
        });

        assertEquals(List.of("failed", "api"), answers);
    }

    @Test
    void change_onFullDisk_failsAndWorksAgainWhenThereIsRoom() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        Path mount = Files.createDirectory(home.resolve("small"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mount.toString()) == 0,
                "this host lets nobody mount");
        try {
            StateStore store = new StateStore(new StateFile(mount, Clock.systemUTC()), DesiredState.empty("b"), disk);
            assertEquals("api", onLoop(_ -> store.change(adding("api"))));
            Path hog = fill(mount);

            Throwable cause = onLoop(_ -> store.change(adding("worker"))
                    .<Throwable>map(_ -> new AssertionError("was answered"))
                    .otherwise(failure -> failure));

            assertTrue(cause instanceof IOException, String.valueOf(cause));
            assertEquals(
                    List.of("api"),
                    List.copyOf(new StateFile(mount, Clock.systemUTC())
                            .load("b")
                            .state()
                            .apps()
                            .keySet()));
            Files.delete(hog);
            assertEquals("worker", onLoop(_ -> store.change(adding("worker"))));
        } finally {
            assertEquals(0, run("umount", mount.toString()));
        }
    }

    private static Path fill(Path mount) throws IOException {
        FileStore room = Files.getFileStore(mount);
        Path hog = mount.resolve("hog");
        Files.write(hog, new byte[(int) room.getUsableSpace()]);
        return hog;
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }
}
