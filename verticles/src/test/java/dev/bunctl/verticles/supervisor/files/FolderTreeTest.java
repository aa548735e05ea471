package dev.bunctl.verticles.supervisor.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.WatchPolicy;
import dev.bunctl.os.api.FolderWatch.Change;
import dev.bunctl.os.api.FolderWatch.Kind;
import dev.bunctl.os.api.NativeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderTreeTest {
    @TempDir
    private Path app;

    private final PretendedFolders folders = new PretendedFolders();

    private FolderTree tree(String... paths) {
        return tree(FolderTree.MAX_FOLDERS, paths);
    }

    private FolderTree tree(int most, String... paths) {
        List<Path> all = List.of(paths).stream().map(app::resolve).toList();
        WatchPolicy policy = new WatchPolicy(all, WatchPolicy.IGNORED, Duration.ZERO);
        return new FolderTree(new WatchRules(policy, app, List.of()), folders, most);
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(app.resolve(name));
    }

    private Path file(String name) throws IOException {
        return Files.writeString(app.resolve(name), "");
    }

    private Set<Path> watched() {
        return Set.copyOf(folders.watched.values());
    }

    @Test
    void begin_watchesFoldersOnly_andNoneThatIsIgnoredOrALink() throws Exception {
        Path deep = folder("src/deep");
        Path _ = folder("node_modules/x");
        Path _ = file("src/a.ts");
        Path _ = Files.createSymbolicLink(app.resolve("src/loop"), app);
        tree("").begin();
        assertEquals(Set.of(app, app.resolve("src"), deep), watched());
    }

    @Test
    void fiftyThousandFiles_costOneWatchAFolder() throws Exception {
        for (int i = 0; i < 100; i++) {
            Path folder = folder("src/d" + i);
            for (int j = 0; j < 500; j++) {
                Path _ = Files.createFile(folder.resolve("f" + j + ".ts"));
            }
        }
        FolderTree tree = tree("");
        tree.begin();
        assertEquals(102, tree.folders());
    }

    @Test
    void writtenFile_matters_andACreatedOneOnlyOnceItIsWritten() throws Exception {
        FolderTree tree = tree("");
        tree.begin();
        Path file = file("a.ts");
        assertEquals(List.of(), tree.take(List.of(folders.change(Kind.CREATED, file, false))));
        assertEquals(List.of(file), tree.take(List.of(folders.change(Kind.WRITTEN, file, false))));
        assertEquals(List.of(file), tree.take(List.of(folders.change(Kind.MOVED_HERE, file, false))));
        assertEquals(List.of(file), tree.take(List.of(folders.change(Kind.REMOVED, file, false))));
        Path log = app.resolve("a.log");
        assertEquals(List.of(), tree.take(List.of(folders.change(Kind.WRITTEN, log, false))));
    }

    @Test
    void newFolder_isWatchedWithAllBelow_andWhatWasInItBeforeCounts() throws Exception {
        FolderTree tree = tree("");
        tree.begin();
        Path deep = folder("new/deep");
        assertEquals(List.of(), tree.take(List.of(folders.change(Kind.CREATED, app.resolve("new"), true))));
        assertTrue(watched().contains(deep));
        Path other = folder("other");
        Path early = file("other/a.ts");
        assertEquals(List.of(early), tree.take(List.of(folders.change(Kind.MOVED_HERE, other, true))));
        Path modules = folder("node_modules");
        assertEquals(List.of(), tree.take(List.of(folders.change(Kind.CREATED, modules, true))));
        assertTrue(!watched().contains(modules));
    }

    @Test
    void folderThatLeaves_isWatchedNoMore_norAnythingBelow() throws Exception {
        Path src = folder("src");
        Path _ = folder("src/deep");
        Path twin = folder("src2");
        FolderTree tree = tree("");
        tree.begin();
        assertEquals(List.of(src), tree.take(List.of(folders.change(Kind.REMOVED, src, true))));
        assertEquals(Set.of(app, twin), watched());
    }

    @Test
    void namedFile_isWatchedInItsFolder_withoutItsNeighbours() throws Exception {
        Path config = file("config.json");
        Path neighbour = file("other.json");
        Path _ = folder("src");
        FolderTree tree = tree("config.json");
        tree.begin();
        assertEquals(Set.of(app), watched());
        assertEquals(List.of(config), tree.take(List.of(folders.change(Kind.MOVED_HERE, config, false))));
        assertEquals(List.of(), tree.take(List.of(folders.change(Kind.WRITTEN, neighbour, false))));
    }

    @Test
    void folderThatIsNotThereYet_isFoundWhenItComes() throws Exception {
        FolderTree tree = tree("dist/js");
        tree.begin();
        assertEquals(Set.of(app), watched());
        Path js = folder("dist/js");
        Path built = file("dist/js/a.js");
        assertEquals(List.of(built), tree.take(List.of(folders.change(Kind.CREATED, app.resolve("dist"), true))));
        assertTrue(watched().contains(js));
        Path _ = folder("unrelated");
        assertEquals(List.of(), tree.take(List.of(folders.change(Kind.CREATED, app.resolve("unrelated"), true))));
        assertTrue(!watched().contains(app.resolve("unrelated")));
    }

    @Test
    void folderThatIsBuiltAnew_isWatchedAgain() throws Exception {
        Path dist = folder("dist");
        FolderTree tree = tree("dist");
        tree.begin();
        Change gone = folders.gone(dist);
        Files.delete(dist);
        assertEquals(List.of(dist), tree.take(List.of(gone)));
        assertEquals(Set.of(app), watched());
        Path again = folder("dist");
        Path built = file("dist/a.js");
        assertEquals(List.of(built), tree.take(List.of(folders.change(Kind.CREATED, again, true))));
        assertTrue(watched().contains(dist));
    }

    @Test
    void lostChanges_countAsAChange_andFoldersAreLookedForAnew() throws Exception {
        FolderTree tree = tree("");
        tree.begin();
        Path unseen = folder("unseen");
        assertEquals(List.of(app), tree.take(List.of(new Change(0, Kind.LOST, "", false))));
        assertTrue(watched().contains(unseen));
    }

    @Test
    void limits_areSaid() throws Exception {
        Path _ = folder("a/b/c");
        folders.most = 2;
        NativeException host = assertThrows(NativeException.class, tree("")::begin);
        assertTrue(host.detail().contains("no watch is left"), host.detail());
        folders.most = Integer.MAX_VALUE;
        tree(4, "").begin();
        folders.watched.clear();
        NativeException ours = assertThrows(NativeException.class, tree(3, "")::begin);
        assertTrue(ours.detail().contains("more than 3 folders"), ours.detail());
    }
}
