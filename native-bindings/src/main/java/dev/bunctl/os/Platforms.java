package dev.bunctl.os;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.Platform;
import dev.bunctl.os.linux.LinuxPlatform;
import java.nio.file.Path;
import java.util.Locale;

/** Opens the platform of the system this runs on. */
public final class Platforms {
    private Platforms() {}

    /**
     * Opens the platform; see {@link LinuxPlatform#open}.
     *
     * @param controlFd the control socket inherited from the guard
     * @param home the daemon's home
     * @throws NativeException when the guard cannot be talked to, or this system has no platform yet
     */
    public static Platform open(int controlFd, Path home) throws NativeException {
        return open(System.getProperty("os.name", "unknown"), controlFd, home);
    }

    static Platform open(String system, int controlFd, Path home) throws NativeException {
        if (system.toLowerCase(Locale.ROOT).startsWith("linux")) {
            return LinuxPlatform.open(controlFd, home);
        }
        throw new NativeException(
                "platform",
                0,
                "bunctl has no native layer for " + system + " yet: a guard that starts and keeps processes, process"
                        + " events and output pipes are missing. Linux has them");
    }
}
