package dev.bunctl.verticles.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The script that Bun and Node programs are given before their own code, laid where they can read it. */
public final class Preload {
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

    private Preload() {}

    /**
     * Lays the script and its parts down as they belong to this daemon. Blocks on the disk. Programs that run keep the one they have
     * read, so it is replaced whole.
     *
     * @param folder {@code <home>/run}, which must exist
     * @return empty, and a line in the log, where it cannot be done: programs then run without it
     */
    public static Optional<Path> install(Path folder) {
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
                Path _ = Files.move(
                        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
