package dev.bunctl.verticles.supervisor;

import dev.bunctl.os.api.NativeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The script that Bun and Node programs are given before their own code, laid where they can read it. Used from any thread. */
public final class Preload {
    /** A daemon that gives programs no script. */
    static final Preload NONE = new Preload(Optional.empty(), () -> {
        throw new NativeException("preload", 0, "this daemon has none");
    });

    private static final System.Logger LOG = System.getLogger(Preload.class.getName());
    private static final String RESOURCES = "/dev/bunctl/bridge/preload/";
    private static final String SCRIPT = "preload.cjs";
    /** What the script loads, each before the one that loads it. */
    private static final List<String> PARTS = List.of(
            "objects.cjs",
            "hold-back.cjs",
            "drain.cjs",
            "share-port-bun.cjs",
            "share-port-node.cjs",
            "channel.cjs",
            SCRIPT);

    private final Optional<Path> own;
    private final OpenFolder open;

    private Preload(Optional<Path> own, OpenFolder open) {
        this.own = own;
        this.open = open;
    }

    /** A folder that programs of every user can read from; made when it is first asked for. Blocks. */
    public interface OpenFolder {
        Path path() throws NativeException;
    }

    /**
     * Lays the script and its parts down as they belong to this daemon. Blocks on the disk. Programs that run keep the one they have
     * read, so it is replaced whole. Where that cannot be done programs run without it, and the log says so.
     *
     * @param folder {@code <home>/run}, which must exist
     * @param open where programs of other users find it
     */
    public static Preload install(Path folder, OpenFolder open) {
        return new Preload(laid(folder), open);
    }

    /**
     * The script. For others it is laid down first, which blocks.
     *
     * @param others whether a program of another user is to read it
     */
    Optional<Path> script(boolean others) {
        if (!others) {
            return own;
        }
        try {
            return laid(open.path());
        } catch (NativeException e) {
            LOG.log(System.Logger.Level.WARNING, "no preload for programs of other users", e);
            return Optional.empty();
        }
    }

    private static synchronized Optional<Path> laid(Path folder) {
        try {
            for (String part : PARTS) {
                lay(folder, part);
            }
            return Optional.of(folder.resolve(SCRIPT));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "programs share no ports: the preload cannot be laid down", e);
            return Optional.empty();
        }
    }

    private static void lay(Path folder, String part) throws IOException {
        Path file = folder.resolve(part);
        try (InputStream script = Preload.class.getResourceAsStream(RESOURCES + part)) {
            if (script == null) {
                throw new IOException("this build has no " + part);
            }
            byte[] bytes = script.readAllBytes();
            if (!Files.exists(file) || !Arrays.equals(bytes, Files.readAllBytes(file))) {
                Path temporary = folder.resolve(part + ".new");
                Path _ = Files.write(temporary, bytes);
                Path _ = Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
                Path _ = Files.move(
                        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
