package dev.bunctl.cli.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small disk of its own for a home, where the tests may mount one; elsewhere it never fills up. */
final class ChaosDisk implements AutoCloseable {
    private static final int MAX_BYTES = 1 << 30;

    private final Path mount;
    private final boolean mounted;

    private ChaosDisk(Path mount, boolean mounted) {
        this.mount = mount;
        this.mounted = mounted;
    }

    static ChaosDisk under(Path home) {
        return sized(home, "256m");
    }

    static ChaosDisk sized(Path home, String size) {
        try {
            Files.createDirectories(home);
            boolean mounted = run("mount", "-t", "tmpfs", "-o", "mode=700,size=" + size, "tmpfs", home.toString()) == 0;
            return new ChaosDisk(home, mounted);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    boolean isOwn() {
        return mounted;
    }

    private static int run(String... words) throws IOException {
        try {
            return new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    void fillFor(Runnable meanwhile) {
        fill();
        meanwhile.run();
        free();
    }

    /** Until not one byte more can be written. */
    void fill() {
        if (!mounted) {
            return;
        }
        byte[] block = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(filler())) {
            for (long written = 0; written < MAX_BYTES; written += block.length) {
                out.write(block);
            }
            throw new AssertionError("this disk does not fill up");
        } catch (IOException full) {
            byte[] one = new byte[1];
            try (OutputStream out = Files.newOutputStream(mount.resolve("filler.2"))) {
                for (int written = 0; written < block.length; written++) {
                    out.write(one);
                }
            } catch (IOException quiteFull) {
                return;
            }
        }
    }

    void free() {
        try {
            Files.deleteIfExists(filler());
            Files.deleteIfExists(mount.resolve("filler.2"));
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private Path filler() {
        return mount.resolve("filler");
    }

    /** Read-only by a mount over it: the file system itself cannot become so while files are open for writing. */
    void immutable(boolean wanted) {
        try {
            int exit = wanted
                    ? run("mount", "--bind", "-o", "ro", mount.toString(), mount.toString())
                    : run("umount", "-l", mount.toString());
            if (exit != 0) {
                throw new AssertionError("mount ended with " + exit);
            }
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    /** Lazily: what still holds a file of it does not keep the test from its end. */
    @Override
    public void close() {
        try {
            if (mounted && run("umount", "-l", mount.toString()) != 0) {
                throw new AssertionError("cannot unmount " + mount);
            }
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
