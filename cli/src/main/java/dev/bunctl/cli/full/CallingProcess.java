package dev.bunctl.cli.full;

import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.cli.thin.Caller;
import dev.bunctl.conf.resolve.Starter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What apps inherit from the process that starts them. */
final class CallingProcess {
    private static final int USUAL_UMASK = 0022;
    private static final String UMASK = "Umask:";

    private CallingProcess() {}

    static Starter starter() throws FailureException {
        Map<String, String> environment = Caller.environment();
        String home = environment.getOrDefault("HOME", System.getProperty("user.home", "/"));
        Path directory = Path.of(System.getProperty("user.dir"));
        if (!Files.isDirectory(directory)) {
            throw new FailureException(
                    ErrorCode.NOT_FOUND, "the current folder is gone: " + directory, "change to one that exists");
        }
        return new Starter(
                directory,
                Path.of(home).toAbsolutePath(),
                environment,
                umask(),
                SoftLimits.own(),
                Runtime.getRuntime().availableProcessors());
    }

    /** From proc_pid_status(5), Linux 4.7; elsewhere it cannot be asked without changing it. */
    private static int umask() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith(UMASK)) {
                    return Integer.parseInt(line.substring(UMASK.length()).strip(), 8);
                }
            }
        } catch (IOException noProc) {
            return USUAL_UMASK;
        }
        return USUAL_UMASK;
    }
}
