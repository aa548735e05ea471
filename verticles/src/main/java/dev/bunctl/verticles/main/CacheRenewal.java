package dev.bunctl.verticles.main;

import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.SpawnPlan;
import dev.bunctl.verticles.child.ChildRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Makes start-up caches anew, in the home, where those of the distribution are for another Java or another build. Once for each
 * of them, by a program of its own at the lowest priority; meanwhile everything runs without. Used from one event loop.
 */
final class CacheRenewal {
    /** A daemon that starts has apps to start, too. */
    static final Duration AFTER = Duration.ofSeconds(3);

    static final Duration TIME_LIMIT = Duration.ofMinutes(15);

    /** Begins the name of a process that does it. */
    static final String KIND = "caches/";

    private static final System.Logger LOG = System.getLogger(CacheRenewal.class.getName());
    private static final String MAKER = "dev.bunctl.cli.dist.HomeCaches";
    private static final int LOWEST_PRIORITY = 19;
    private static final int OWNER_ALONE = 0077;

    private final Vertx vertx;
    private final Processes processes;
    private final Taken taken;
    private final Path lib;
    private final Path folder;

    /**
     * What the launcher has chosen.
     *
     * @param java the folder of this Java, as the launcher found it
     * @param version of this Java, as the launcher read it
     * @param caches the folder of the caches that were given to this process, or empty
     * @param inUse whether Java has taken them
     */
    record Taken(String java, String version, Optional<Path> caches, boolean inUse) {
        /** By the properties that {@code lib/bunctld} sets; empty where there is nothing to renew. */
        static Optional<Taken> ofThisProcess() {
            String java = System.getProperty("bunctl.java", "");
            String caches = System.getProperty("bunctl.caches", "");
            return java.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Taken(
                            java,
                            System.getProperty("bunctl.java.version", ""),
                            caches.isEmpty() ? Optional.empty() : Optional.of(Path.of(caches)),
                            System.getProperty("java.vm.info", "").contains("sharing")));
        }
    }

    CacheRenewal(Vertx vertx, Processes processes, Path home, Path lib, Taken taken) {
        this.vertx = vertx;
        this.processes = processes;
        this.taken = taken;
        this.lib = lib;
        this.folder = home.resolve("aot");
    }

    /** Looks, soon, and does what is to be done. */
    void begin() {
        if (taken.caches().isEmpty() || !taken.inUse()) {
            long _ = vertx.setTimer(AFTER.toMillis(), _ -> renew().onFailure(CacheRenewal::complain));
        }
    }

    private static void complain(Throwable cause) {
        LOG.log(System.Logger.Level.WARNING, "start-up caches cannot be made: {0}", cause.toString());
    }

    /** Completes when caches are made, or are not to be made. */
    Future<Void> renew() {
        return vertx.executeBlocking(this::claim, false)
                .compose(attempt -> attempt.isEmpty() ? Future.succeededFuture() : make(attempt.get()));
    }

    /** The attempt that is to be made now. */
    private Optional<CacheAttempt> claim() throws IOException {
        if (taken.caches().filter(folder::equals).isPresent()) {
            boolean _ = Files.deleteIfExists(folder.resolve("made-for")); // this Java does not take them
        }
        Path build = lib.resolve("build");
        if (!Files.isReadable(build)) {
            return Optional.empty();
        }
        List<String> key = List.of(
                Files.readString(build).strip(), taken.java(), taken.version(), System.getProperty("java.vm.version"));
        CacheAttempt before = CacheAttempt.read(file());
        if (before.settles(key)) {
            return Optional.empty();
        }
        var _ = Files.createDirectories(folder);
        CacheAttempt attempt = before.again(key);
        attempt.write(file());
        return Optional.of(attempt);
    }

    private Path file() {
        return folder.resolve("attempt");
    }

    private Future<Void> make(CacheAttempt attempt) {
        LOG.log(System.Logger.Level.INFO, "no start-up caches fit {0}: they are made in {1}", taken.java(), folder);
        return ChildRun.run(vertx, processes, plan(), TIME_LIMIT)
                .map(CacheRenewal::outcome)
                .otherwise(cause -> "failed: " + cause.getMessage())
                .compose(outcome -> vertx.executeBlocking(
                        () -> {
                            attempt.endedWith(outcome).write(file());
                            return settled(outcome);
                        },
                        false));
    }

    private static String outcome(ChildRun.Result result) {
        if (result.code() == 0) {
            return CacheAttempt.MADE;
        }
        return "failed: "
                + (result.late()
                        ? "it took longer than " + TIME_LIMIT.toMinutes() + " minutes"
                        : result.said().isEmpty() ? "exit code " + result.code() : result.said());
    }

    private static Void settled(String outcome) {
        LOG.log(
                outcome.equals(CacheAttempt.MADE) ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
                "start-up caches: {0}",
                outcome);
        return null;
    }

    private SpawnPlan plan() {
        Path java = Path.of(taken.java(), "bin", "java");
        return new SpawnPlan(
                ChildRun.key(KIND, "0"),
                java,
                List.of(
                        java.toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-cp",
                        lib.resolve("bunctl-cli.jar").toString(),
                        MAKER,
                        lib.resolveSibling("").toString(),
                        folder.toString(),
                        taken.java()),
                environment(),
                folder,
                OWNER_ALONE,
                List.of(),
                Optional.empty(),
                OptionalInt.of(LOWEST_PRIORITY),
                OptionalInt.empty(),
                Optional.of(new SpawnPlan.Containment(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty())));
    }

    /** Nothing of what this daemon is told by its environment is for the one that is recorded. */
    private static Map<String, String> environment() {
        Map<String, String> wanted = new HashMap<>();
        for (String name : List.of("PATH", "HOME", "TMPDIR", "USER", "LOGNAME")) {
            Optional.ofNullable(System.getenv(name)).ifPresent(value -> wanted.put(name, value));
        }
        wanted.put("LC_ALL", "C.UTF-8");
        return wanted;
    }
}
