package dev.bunctl.cli.full;

import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.cli.thin.Caller;
import dev.bunctl.conf.unit.ServiceUnit;
import dev.bunctl.conf.unit.ServiceUnit.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code startup} and {@code unstartup}: says what it is about to do, then does it, unless only asked what it would do. */
final class StartupCommand {
    /** In a unit, says that the user did not linger before; systemd ignores names that begin so. */
    private static final String LINGERS_FOR_US = "X-BunctlLinger=yes";

    private final Systemd systemd;
    private final boolean dryRun;
    private final Presentation how;

    StartupCommand(Systemd systemd, boolean dryRun, Presentation how) {
        this.systemd = systemd;
        this.dryRun = dryRun;
        this.how = how;
    }

    /** Writes and enables the unit. A daemon that runs already is left alone: it becomes part of the service when it ends. */
    Rendered install() throws IOException, FailureException {
        checkHost();
        boolean lingers = systemd.scope() == Scope.USER && !systemd.lingers();
        String text = unit().text();
        if (lingers) {
            text = text.replace("[Service]", LINGERS_FOR_US + "\n\n[Service]");
        }
        boolean runs = GuardStart.ofCaller().connectIfListening() != null;
        List<List<String>> commands = new ArrayList<>();
        if (lingers) {
            commands.add(systemd.linger(
                    "enable-linger")); // first: it is what starts the systemd of a user without a session
        }
        commands.add(systemd.control("daemon-reload"));
        commands.add(systemd.control("enable", ServiceUnit.NAME));
        if (!runs) {
            commands.add(systemd.control("start", ServiceUnit.NAME));
        }
        if (!dryRun) {
            write(systemd.unitFile(), text);
            systemd.run(commands);
        }
        String next = runs
                ? "a daemon runs already, outside of the service; to move it in: bunctl kill, then "
                        + String.join(" ", systemd.control("start", ServiceUnit.NAME))
                : "apps that are started from now on come back after a reboot";
        return rendered("write", text, commands, next);
    }

    /** Disables and removes the unit. What runs, runs on. */
    Rendered remove() throws IOException, FailureException {
        Path file = systemd.unitFile();
        if (!Files.exists(file)) {
            return rendered("remove", "", List.of(), "there is no " + file + ", nothing to undo");
        }
        checkHost();
        List<List<String>> commands = new ArrayList<>();
        commands.add(systemd.control("disable", ServiceUnit.NAME));
        if (Files.readString(file).contains(LINGERS_FOR_US)) {
            commands.add(systemd.linger("disable-linger"));
        }
        if (!dryRun) {
            systemd.run(commands);
            Files.delete(file);
            systemd.run(List.of(systemd.control("daemon-reload")));
        }
        commands.add(systemd.control("daemon-reload"));
        return rendered("remove", "", commands, "a daemon that runs, and its apps, run on");
    }

    private void checkHost() throws FailureException {
        if (dryRun) {
            return;
        }
        if (!systemd.isRunning()) {
            throw new FailureException(
                    ErrorCode.UNSUPPORTED,
                    "this host was not started by systemd",
                    "let its own init system run 'bunctl daemon' in the foreground, with BUNCTL_HOME set; --dry-run shows"
                            + " the unit");
        }
        if (systemd.scope() == Scope.SYSTEM && !systemd.isRoot()) {
            throw new FailureException(
                    ErrorCode.FORBIDDEN, "a service of the host needs root", "use sudo, or --user for one of your own");
        }
    }

    private static ServiceUnit unit(Scope scope) {
        Path lib = Path.of(System.getProperty("bunctl.lib", "/nonexistent")).toAbsolutePath();
        return new ServiceUnit(
                scope,
                Caller.home(),
                String.valueOf(lib.getParent()),
                Map.of("BUNCTL_JAVA_HOME", System.getProperty("java.home")));
    }

    private ServiceUnit unit() {
        return unit(systemd.scope());
    }

    private static void write(Path file, String text) throws IOException {
        var _ = Files.createDirectories(file.toAbsolutePath().getParent());
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        var _ = Files.writeString(temporary, text);
        var _ = Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private Rendered rendered(String action, String text, List<List<String>> commands, String next) {
        String file = systemd.unitFile().toString();
        if (how.json()) {
            Map<String, @Nullable Object> body = new LinkedHashMap<>();
            body.put("version", (long) Protocol.VERSION);
            body.put("done", !dryRun);
            body.put("unit", file);
            body.put("content", text.isEmpty() ? null : text);
            body.put("commands", commands);
            return new Rendered(Json.write(body) + "\n", "", 0);
        }
        StringBuilder talk = new StringBuilder();
        if (!text.isEmpty() || !commands.isEmpty()) {
            talk.append(dryRun ? "would " : "")
                    .append(action)
                    .append(' ')
                    .append(file)
                    .append('\n');
        }
        commands.forEach(words -> talk.append(dryRun ? "would run " : "ran ")
                .append(String.join(" ", words))
                .append('\n'));
        talk.append(next).append('\n');
        return new Rendered(dryRun ? text : "", talk.toString(), 0);
    }
}
