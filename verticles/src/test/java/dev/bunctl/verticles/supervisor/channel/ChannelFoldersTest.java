package dev.bunctl.verticles.supervisor.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.os.api.NativeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChannelFoldersTest {
    @TempDir
    private Path folder;

    private ChannelFolders of(Path home) {
        return ChannelFolders.in(home, folder);
    }

    @Test
    void ownPrograms_findThemInTheHome_whenItsPathIsShort() throws NativeException {
        Path home = Path.of("/tmp/h");
        assertEquals(home.resolve("run"), of(home).folder(false));
        assertTrue(Files.notExists(folder.resolve("bunctl")), "nothing is made that nobody needs");
    }

    @Test
    void longHome_isReplacedByAFolderThatFits() throws NativeException {
        Path longest = Path.of("/" + "x".repeat(ChannelFolders.MAX_PATH));
        Path place = of(longest).folder(false);
        assertTrue(place.startsWith(folder), place.toString());
    }

    @Test
    void path_alwaysFitsIntoASocketAddress() {
        String longestName = "n".repeat(64) + ":1023";
        Path file = Path.of("/run/user/4294967295/bunctl/123456789abc")
                .resolve(ChannelFolders.nameOf(longestName, Integer.MAX_VALUE) + ".msg");
        assertTrue(file.toString().getBytes(StandardCharsets.UTF_8).length <= ChannelFolders.MAX_PATH, file.toString());
    }

    @Test
    void programsOfOthers_canEnterTheFolderAndNotListIt() throws NativeException, IOException {
        Path place = of(Path.of("/tmp/h")).folder(true);
        assertEquals("rwx--x--x", PosixFilePermissions.toString(Files.getPosixFilePermissions(place)));
        assertEquals(place, of(Path.of("/tmp/h")).folder(true), "the same for the next daemon");
        assertNotEquals(place, of(Path.of("/tmp/other")).folder(true));
    }

    @Test
    void folderThatIsALink_isRefused() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path _ = Files.createSymbolicLink(folder.resolve("bunctl"), elsewhere);
        NativeException refused =
                assertThrows(NativeException.class, () -> of(Path.of("/tmp/h")).folder(true));
        assertTrue(refused.detail().contains("bunctl"), refused.detail());
    }

    @Test
    void remove_takesAwayWhatLiesOutsideTheHome() throws NativeException, IOException {
        ChannelFolders folders = of(Path.of("/tmp/h"));
        folders.remove();
        Path place = folders.folder(true);
        Path _ = Files.writeString(place.resolve("a.msg"), "");
        Path _ = Files.writeString(folders.scripts().resolve("a.cjs"), "");
        assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(folders.scripts())));
        folders.remove();
        assertFalse(Files.exists(place));
    }
}
