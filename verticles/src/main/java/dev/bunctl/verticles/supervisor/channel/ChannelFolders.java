package dev.bunctl.verticles.supervisor.channel;

import dev.bunctl.os.api.NativeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * Where programs find the daemon's sockets. Those of the daemon's own user find them in {@code <home>/run}, unless its path
 * is too long for a socket; a home is closed to all others, so theirs lie in a folder outside, which can be entered by all
 * and listed by none. Every method blocks on the disk.
 */
public final class ChannelFolders {
    /** The longest path that struct sockaddr_un holds with its NUL, see unix(7). */
    static final int MAX_PATH = 107;

    /** Room that a path needs behind its folder. */
    private static final int LONGEST_NAME = 1 + 16 + 1 + 10 + ".msg".length();

    private static final int ID_BYTES = 6;
    private static final String ENTERED = "rwx--x--x";
    private static final String LISTED = "rwxr-xr-x";
    private static final String SCRIPTS = "js";

    private final Path own;
    private final Path shared;

    private ChannelFolders(Path own, Path shared) {
        this.own = own;
        this.shared = shared;
    }

    /**
     * The folders of a home.
     *
     * @param runtimeFolder {@code $XDG_RUNTIME_DIR}, for daemons that may not write to {@code /run}
     */
    public static ChannelFolders of(Path home, Optional<String> runtimeFolder) {
        Path base = Files.isWritable(Path.of("/run"))
                ? Path.of("/run")
                : runtimeFolder.map(Path::of).filter(Path::isAbsolute).orElse(Path.of("/run"));
        return in(home, base);
    }

    /** @param base where folders that all may enter can be made */
    static ChannelFolders in(Path home, Path base) {
        Path shared = base.resolve("bunctl").resolve(digest(home.toString(), ID_BYTES));
        Path own = home.resolve("run");
        boolean fits = own.toString().getBytes(StandardCharsets.UTF_8).length + LONGEST_NAME <= MAX_PATH;
        return new ChannelFolders(fits ? own : shared, shared);
    }

    /**
     * The folder, which is there from now on.
     *
     * @param others whether it is for programs of another user
     */
    public Path folder(boolean others) throws NativeException {
        if (!others && !own.equals(shared)) {
            return own;
        }
        try {
            make(Objects.requireNonNull(shared.getParent()), ENTERED);
            make(shared, ENTERED);
            return shared;
        } catch (IOException e) {
            throw new NativeException("channel", 0, "no folder for the sockets of programs: " + e);
        }
    }

    /** Where programs of every user read the preload; there from now on. It can be listed, as Bun reads the folder of a script. */
    public Path scripts() throws NativeException {
        Path scripts = folder(true).resolve(SCRIPTS);
        try {
            make(scripts, LISTED);
            return scripts;
        } catch (IOException e) {
            throw new NativeException("preload", 0, "no folder for the preload: " + e);
        }
    }

    private static void make(Path folder, String mode) throws IOException {
        try {
            Path _ = Files.createDirectory(folder);
        } catch (FileAlreadyExistsException alreadyThere) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) || !Files.isWritable(folder)) {
                throw alreadyThere;
            }
        }
        Path _ = Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
    }

    /** A name that fits, whatever the instance is called. */
    static String nameOf(String instance, int generation) {
        return digest(instance, 8) + "." + generation;
    }

    /** Takes away what lies outside of the home, when no program is left. */
    public void remove() throws IOException {
        clear(shared.resolve(SCRIPTS));
        clear(shared);
    }

    private static void clear(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
                for (Path file : left) {
                    boolean _ = Files.deleteIfExists(file);
                }
            }
            boolean _ = Files.deleteIfExists(folder);
        }
    }

    private static String digest(String text, int bytes) {
        try {
            byte[] all = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(all, 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
