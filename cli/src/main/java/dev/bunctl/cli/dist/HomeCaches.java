package dev.bunctl.cli.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes start-up caches for a distribution that came with those of another Java. Run by the daemon, in the background. */
public final class HomeCaches {
    /** What the home of the recorded daemon adds to the path of its socket, and how long such a path may be, see unix(7). */
    private static final int SOCKET_PATH = "/home/run/bunctl.sock".length();

    private static final int MAX_SOCKET_PATH = 107;

    private HomeCaches() {}

    /** Arguments: the distribution's folder, the folder for the caches, the folder of the Java that runs this. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[1]);
        Path scratch = scratch(folder);
        try {
            new StartUpCaches(Path.of(arguments[0]), folder, arguments[2], scratch).record();
        } catch (IOException failed) {
            System.err.println(failed.getMessage());
            System.exit(1);
        } finally {
            DistributionBuild.deleteTree(scratch);
        }
    }

    /** Beside the caches, where nothing is left of an attempt that was cut off; elsewhere only if the path is too long for that. */
    private static Path scratch(Path folder) throws IOException {
        Path near = folder.resolve("making");
        DistributionBuild.deleteTree(near);
        return near.toString().getBytes(StandardCharsets.UTF_8).length + SOCKET_PATH <= MAX_SOCKET_PATH
                ? Files.createDirectory(near)
                : Files.createTempDirectory("bunctl-record");
    }
}
