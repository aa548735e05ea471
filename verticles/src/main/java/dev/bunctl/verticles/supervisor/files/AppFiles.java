package dev.bunctl.verticles.supervisor.files;

import dev.bunctl.conf.WatchPolicy;
import dev.bunctl.os.api.FolderWatch.Change;
import dev.bunctl.verticles.supervisor.FileChanges;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The files of one app, and who follows them. Tells when changes have paused. On one event loop. */
final class AppFiles {
    /** Most different paths that are counted. */
    static final int MAX_COUNTED = 1000;

    private final Vertx vertx;
    private final WatchPolicy policy;
    private final Path directory;
    private final List<FileChanges.Listener> listeners = new ArrayList<>(1);
    private final Set<Path> changed = new LinkedHashSet<>();
    private Future<FolderTree> tree = Future.failedFuture("not begun");
    private Future<?> working = Future.succeededFuture();
    private OptionalLong timer = OptionalLong.empty();
    private Optional<String> failure = Optional.empty();
    private boolean hasBegun;
    private boolean over;

    AppFiles(Vertx vertx, WatchPolicy policy, Path directory) {
        this.vertx = vertx;
        this.policy = policy;
        this.directory = directory;
    }

    void begin(Future<FolderTree> made) {
        tree = made;
        working = made;
        made.onSuccess(_ -> begun()).onFailure(this::failed);
    }

    /** Whether it has failed or nobody follows it any more. */
    boolean isOver() {
        return over;
    }

    private void begun() {
        hasBegun = true;
        List.copyOf(listeners).forEach(FileChanges.Listener::begun);
    }

    void add(FileChanges.Listener listener) {
        listeners.add(listener);
        if (hasBegun) {
            listener.begun();
        }
        failure.ifPresent(listener::failed);
    }

    /** Answers whether that was the last. */
    boolean remove(FileChanges.Listener listener) {
        listeners.remove(listener);
        if (listeners.isEmpty()) {
            end();
        }
        return listeners.isEmpty();
    }

    /** Changes are taken in one after the other, and behind the beginning. */
    void changed(List<Change> changes) {
        if (over) {
            return;
        }
        Future<List<Path>> taken = working.transform(_ -> tree)
                .compose(folders -> vertx.executeBlocking(() -> folders.take(changes), false));
        working = taken;
        taken.onSuccess(this::note).onFailure(this::failed);
    }

    private void note(List<Path> paths) {
        if (over || paths.isEmpty()) {
            return;
        }
        for (Path path : paths) {
            boolean _ = changed.size() < MAX_COUNTED && changed.add(path);
        }
        timer.ifPresent(vertx::cancelTimer);
        long millis = Math.max(1, policy.delay().toMillis());
        timer = OptionalLong.of(vertx.setTimer(millis, _ -> paused()));
    }

    private void paused() {
        timer = OptionalLong.empty();
        String detail = words();
        changed.clear();
        List.copyOf(listeners).forEach(listener -> listener.changed(detail));
    }

    private String words() {
        Path first = changed.iterator().next();
        Path shown = first.startsWith(directory) && !first.equals(directory) ? directory.relativize(first) : first;
        return changed.size() == 1 ? shown + " changed" : shown + " and " + (changed.size() - 1) + " more changed";
    }

    private void failed(Throwable cause) {
        if (over) {
            return;
        }
        String why = String.valueOf(cause.getMessage());
        failure = Optional.of(why);
        end();
        List.copyOf(listeners).forEach(listener -> listener.failed(why));
    }

    private void end() {
        over = true;
        timer.ifPresent(vertx::cancelTimer);
        timer = OptionalLong.empty();
        // Behind what is being taken in: the tree is for one at a time.
        Future<?> _ = working.transform(_ -> tree)
                .compose(folders -> vertx.executeBlocking(
                        () -> {
                            folders.end();
                            return null;
                        },
                        false));
    }
}
