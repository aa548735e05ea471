package dev.bunctl.verticles.supervisor.files;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.WatchPolicy;
import dev.bunctl.os.api.FolderWatch;
import dev.bunctl.os.api.Platform;
import dev.bunctl.verticles.log.InstanceLogs;
import dev.bunctl.verticles.supervisor.FileChanges;
import dev.bunctl.verticles.supervisor.Watches;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** The watched files of all apps; instances of one app share a tree. On one event loop, which it never blocks. */
public final class WatchedFiles implements FileChanges {
    private final Vertx vertx;
    private final Platform platform;
    private final Path home;
    private final Context context;
    private final Map<Tree, AppFiles> open = new HashMap<>();

    /**
     * To be made outside of every verticle: what belongs to one ends with it.
     *
     * @param home whose own files never matter
     */
    public WatchedFiles(Vertx vertx, Platform platform, Path home) {
        this.vertx = vertx;
        this.platform = platform;
        this.home = home;
        this.context = vertx.getOrCreateContext();
    }

    /** What makes two trees the same. */
    private record Tree(WatchPolicy policy, Path directory, List<Path> never) {}

    @Override
    public Watches.Watch follow(AppSpec spec, Listener listener) {
        WatchPolicy policy = spec.watch().orElseThrow();
        Tree tree = new Tree(policy, spec.directory(), ours(spec));
        AppFiles files = open.get(tree);
        if (files == null || files.isOver()) {
            files = begun(tree);
            open.put(tree, files);
        }
        AppFiles followed = files;
        followed.add(listener);
        return () -> {
            if (followed.remove(listener)) {
                open.remove(tree, followed);
            }
        };
    }

    private AppFiles begun(Tree tree) {
        AppFiles files = new AppFiles(vertx, tree.policy(), tree.directory());
        Callable<FolderTree> begin = () -> {
            WatchRules rules = new WatchRules(tree.policy(), tree.directory(), tree.never());
            FolderWatch watch = platform.watchFolders(task -> context.runOnContext(_ -> task.run()), files::changed);
            FolderTree folders = new FolderTree(rules, watch, FolderTree.MAX_FOLDERS);
            try {
                folders.begin();
                return folders;
            } catch (Exception e) {
                folders.end();
                throw e;
            }
        };
        files.begin(context.executeBlocking(begin, false));
        return files;
    }

    /** Files that bunctl writes itself. */
    private List<Path> ours(AppSpec spec) {
        List<Path> ours = new ArrayList<>(List.of(home));
        for (int number = 0; number < spec.instances().count(); number++) {
            ours.addAll(InstanceLogs.of(home.resolve("logs"), spec, number).files());
        }
        return ours.stream().distinct().toList();
    }
}
