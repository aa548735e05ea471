package dev.bunctl.cli.full;

import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.cli.thin.Caller;
import dev.bunctl.conf.unit.ServiceUnit;
import dev.bunctl.conf.unit.ServiceUnit.Scope;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The service manager of this host or of the caller.
 *
 * @param scope which of them
 * @param user the caller's name
 * @param uid and number
 */
record Systemd(Scope scope, String user, int uid) {
    private static final Path BOOTED = Path.of("/run/systemd/system");
    private static final Path LINGERING = Path.of("/var/lib/systemd/linger");
    private static final Path SYSTEM_UNITS = Path.of("/etc/systemd/system");
    private static final Path RUNTIMES = Path.of("/run/user");
    private static final int PATIENCE_SECONDS = 120;
    private static final int LOOK_AGAIN_MILLIS = 100;
    private static final int MAX_SAID = 8192;

    static Systemd of(Scope scope) throws IOException {
        Integer uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        return new Systemd(scope, System.getProperty("user.name"), uid);
    }

    boolean isRoot() {
        return uid == 0;
    }

    /** See sd_booted(3). */
    boolean isRunning() {
        return Files.isDirectory(BOOTED);
    }

    /** Whether the user's services run without a login, see loginctl(1). */
    boolean lingers() {
        return Files.exists(LINGERING.resolve(user));
    }

    Path unitFile() {
        return switch (scope) {
            case SYSTEM -> SYSTEM_UNITS.resolve(ServiceUnit.NAME);
            case USER -> userUnits(Caller.environment()).resolve(ServiceUnit.NAME);
        };
    }

    /** See systemd.unit(5). */
    static Path userUnits(Map<String, String> environment) {
        String configured = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path folder = configured.startsWith("/")
                ? Path.of(configured)
                : Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".config");
        return folder.resolve("systemd").resolve("user");
    }

    List<String> control(String... words) {
        List<String> command = new ArrayList<>();
        command.add("systemctl");
        if (scope == Scope.USER) {
            command.add("--user");
        }
        command.addAll(List.of(words));
        return command;
    }

    List<String> linger(String word) {
        return List.of("loginctl", word, user);
    }

    /** One after the other; the first that fails ends it. */
    void run(List<List<String>> commands) throws IOException, FailureException {
        for (List<String> command : commands) {
            runOne(command);
            if (command.contains("enable-linger")) {
                awaitManager();
            }
        }
    }

    /** {@code XDG_RUNTIME_DIR} of a user who has no session, as one behind {@code su} or {@code ssh}; see pam_systemd(8). */
    private Path runtime() {
        return RUNTIMES.resolve(Integer.toString(uid));
    }

    /** Lingering begins with the user's own systemd, which takes a moment to come up. */
    private void awaitManager() throws IOException, FailureException {
        Path socket = runtime().resolve("systemd").resolve("private");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try (WatchService watch = RUNTIMES.getFileSystem().newWatchService()) {
            var _ = RUNTIMES.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            while (!Files.exists(socket)) {
                if (System.nanoTime() > deadline) {
                    throw failed(linger("enable-linger"), "the user's systemd did not come up");
                }
                WatchKey changed = watch.poll(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                if (changed != null) {
                    changed.reset();
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failed(linger("enable-linger"), "interrupted");
        }
    }

    private void runOne(List<String> command) throws IOException, FailureException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectInput(new File("/dev/null")).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(Caller.environment());
        if (scope == Scope.USER) {
            var _ = builder.environment()
                    .putIfAbsent("XDG_RUNTIME_DIR", runtime().toString());
        }
        Process process = builder.start();
        try {
            String said = new String(process.getInputStream().readNBytes(MAX_SAID), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw failed(command, "it did not end within " + PATIENCE_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw failed(command, said.isEmpty() ? "it ended with " + process.exitValue() : said);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failed(command, "interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    private static FailureException failed(List<String> command, String why) {
        return new FailureException(
                ErrorCode.BROKEN,
                String.join(" ", command) + ": " + why,
                "what was done before it stays; 'bunctl unstartup' undoes it");
    }
}
