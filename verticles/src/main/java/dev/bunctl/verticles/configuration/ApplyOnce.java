package dev.bunctl.verticles.configuration;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Origin;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.SpawnPlan;
import dev.bunctl.verticles.child.ChildRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Applies a configuration by running {@code bunctl apply} once, as a child of the guard: reading the user's files, and running
 * those that are programs, is the client's work, in a process that can be bounded and ended.
 */
final class ApplyOnce implements ConfigurationWatch.Reapply {
    /** A configuration that is a program has 10 s of it. */
    static final Duration TIME_LIMIT = Duration.ofSeconds(30);

    /** The client's exit code when all was applied and an app did not come up, which its own state tells. */
    private static final int APP_FAILED = 1;

    private static final String KIND = "apply/";

    private final Vertx vertx;
    private final Processes processes;
    private final FileOwner owner;
    private final Path command;
    private final Map<String, String> variables;

    /**
     * @param home of the daemon; whose it is, his are the files that are applied
     * @param command absolute path of {@code bunctl}
     */
    ApplyOnce(Vertx vertx, Processes processes, Path home, Path command) {
        this.vertx = vertx;
        this.processes = processes;
        this.owner = new FileOwner(home);
        this.command = command;
        this.variables = Map.of("BUNCTL_HOME", home.toString(), "BUNCTL_JAVA_HOME", System.getProperty("java.home"));
    }

    @Override
    public Future<Optional<String>> apply(Origin origin, AppSpec like) {
        return vertx.executeBlocking(() -> owner.problemOf(origin.file()), false)
                .compose(problem -> problem.isPresent() ? Future.succeededFuture(problem) : run(origin, like));
    }

    private Future<Optional<String>> run(Origin origin, AppSpec like) {
        ProcessKey key = ChildRun.key(KIND, Integer.toHexString(origin.file().hashCode()));
        return ChildRun.run(vertx, processes, plan(key, origin, like), TIME_LIMIT)
                .map(ApplyOnce::problem)
                .otherwise(cause -> Optional.of(String.valueOf(cause.getMessage())));
    }

    private static Optional<String> problem(ChildRun.Result result) {
        if (result.code() == 0 || result.code() == APP_FAILED) {
            return Optional.empty();
        }
        if (result.late()) {
            return Optional.of("'bunctl apply' took longer than " + TIME_LIMIT.toSeconds() + " s");
        }
        return Optional.of(
                result.said().isEmpty() ? "'bunctl apply' ended with " + result.code() : inOneLine(result.said()));
    }

    private SpawnPlan plan(ProcessKey key, Origin origin, AppSpec like) {
        List<String> words = new ArrayList<>(List.of(
                command.toString(),
                "apply",
                "--no-wait",
                "--config",
                origin.file().toString()));
        origin.environmentName().ifPresent(name -> words.addAll(List.of("--env", name)));
        Map<String, String> environment = new HashMap<>(like.inheritedEnvironment());
        environment.putAll(variables);
        return new SpawnPlan(
                key,
                command,
                words,
                environment,
                FolderEvents.folder(origin.file()),
                like.umask(),
                List.of(),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty());
    }

    /** The client's own prefix says nothing here. */
    private static String inOneLine(String text) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            lines.add(line.startsWith("bunctl: ") ? line.substring("bunctl: ".length()) : line.strip());
        }
        return String.join("; ", lines);
    }
}
