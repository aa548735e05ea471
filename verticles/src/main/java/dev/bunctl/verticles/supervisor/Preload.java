package dev.bunctl.verticles.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;

/** The script that Bun and Node programs are given before their own code, laid where they can read it. */
public final class Preload {
    private static final System.Logger LOG = System.getLogger(Preload.class.getName());
    private static final String RESOURCE = "/dev/bunctl/bridge/preload/preload.cjs";

    private Preload() {}

    /**
     * Lays the script down as it belongs to this daemon. Blocks on the disk. Programs that run keep the one they have
     * read, so it is replaced whole.
     *
     * @param folder {@code <home>/run}, which must exist
     * @return empty, and a line in the log, where it cannot be done: programs then run without it
     */
    public static Optional<Path> install(Path folder) {
        Path file = folder.resolve("preload.cjs");
        try (InputStream script = Preload.class.getResourceAsStream(RESOURCE)) {
            if (script == null) {
                throw new IOException("this build has none");
            }
            byte[] bytes = script.readAllBytes();
            if (!Files.exists(file) || !Arrays.equals(bytes, Files.readAllBytes(file))) {
                Path temporary = folder.resolve("preload.cjs.new");
                Path _ = Files.write(temporary, bytes);
                Path _ = Files.move(
                        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            return Optional.of(file);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "programs share no ports: the preload cannot be laid down", e);
            return Optional.empty();
        }
    }
}
