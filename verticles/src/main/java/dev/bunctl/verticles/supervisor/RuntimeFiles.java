package dev.bunctl.verticles.supervisor;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * {@link RuntimeRecord}s in {@code <home>/run/<instance>.runtime.json}, replaced by rename without fsync: they must
 * outlive the daemon, not the machine. Every method blocks on the disk.
 */
public final class RuntimeFiles {
    /** A larger file is none of ours. */
    static final int MAX_BYTES = 1 << 20;

    /** File names have at most 255 bytes; longer names of instances are cut and told apart by a digest. */
    static final int MAX_NAME = 180;

    private static final System.Logger LOG = System.getLogger(RuntimeFiles.class.getName());
    private static final String SUFFIX = ".runtime.json";
    private static final int DIGEST_BYTES = 16;

    private final Path folder;

    /** @param folder {@code <home>/run}, which must exist */
    public RuntimeFiles(Path folder) {
        this.folder = folder;
    }

    /** What was written last; a file that makes no sense is set aside and said so. */
    Optional<RuntimeRecord> load(String instance) throws IOException {
        Path file = file(instance);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new DecodeException("larger than " + MAX_BYTES + " bytes");
            }
            JsonObject json = new JsonObject(Buffer.buffer(Files.readAllBytes(file)));
            return Optional.of(RuntimeRecordCodec.decode(json));
        } catch (DecodeException e) {
            Path aside = file.resolveSibling(file.getFileName() + ".corrupt");
            Path _ = Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.log(System.Logger.Level.WARNING, "set aside as " + aside + ", counters start anew", e);
            return Optional.empty();
        }
    }

    void save(String instance, RuntimeRecord runtime) throws IOException {
        Path file = file(instance);
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        boolean _ = Files.deleteIfExists(temporary);
        Path _ = Files.createFile(
                temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Path _ = Files.write(
                temporary, RuntimeRecordCodec.encode(runtime).toBuffer().getBytes());
        Path _ = Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Leaves nothing of an instance that was deleted. */
    public void delete(String instance) throws IOException {
        boolean _ = Files.deleteIfExists(file(instance));
    }

    private Path file(String instance) {
        return folder.resolve(fileName(instance) + SUFFIX);
    }

    static String fileName(String instance) {
        StringBuilder name = new StringBuilder();
        for (byte one : instance.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (one & 0xff);
            boolean plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (plain || c == '_' || c == '-') {
                name.append(c);
            } else {
                name.append('%').append(HexFormat.of().withUpperCase().toHexDigits(one));
            }
        }
        if (name.length() <= MAX_NAME) {
            return name.toString();
        }
        return name.substring(0, MAX_NAME - 1 - 2 * DIGEST_BYTES) + "-" + digest(instance);
    }

    private static String digest(String instance) {
        try {
            byte[] all = MessageDigest.getInstance("SHA-256").digest(instance.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(all, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
