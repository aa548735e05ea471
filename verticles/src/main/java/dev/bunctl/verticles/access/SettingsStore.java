package dev.bunctl.verticles.access;

import dev.bunctl.conf.daemon.DaemonSettings;
import dev.bunctl.conf.daemon.DaemonSettingsCodec;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.verticles.state.AtomicFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The settings of this daemon, and their file {@code <home>/daemon.json}. A file that is not valid opens nothing and is left as
 * it is: the daemon runs on with the defaults, says so, and changes no setting until the file is mended. Used from one event loop.
 */
public final class SettingsStore {
    private static final String NAME = "daemon.json";

    private final Vertx vertx;
    private final AtomicFile file;
    private final Optional<String> problem;
    private DaemonSettings settings;
    private Future<?> last = Future.succeededFuture();

    /**
     * What was found.
     *
     * @param problem why the settings are the defaults although there is a file
     */
    public record Loaded(AtomicFile file, DaemonSettings settings, Optional<String> problem) {}

    public SettingsStore(Vertx vertx, Loaded loaded) {
        this.vertx = vertx;
        this.file = loaded.file();
        this.settings = loaded.settings();
        this.problem = loaded.problem();
    }

    /** Reads the settings of a home. Blocks. */
    public static Loaded load(Path home) {
        AtomicFile file = new AtomicFile(home, NAME, DaemonSettingsCodec.MAX_BYTES);
        try {
            Optional<byte[]> bytes = file.read();
            DaemonSettings settings = bytes.isEmpty()
                    ? DaemonSettings.DEFAULT
                    : DaemonSettingsCodec.read(
                            new String(bytes.get(), StandardCharsets.UTF_8),
                            file.path().toString());
            return new Loaded(file, settings, Optional.empty());
        } catch (IOException | ConfigException invalid) {
            String cause = String.valueOf(invalid.getMessage()).replace("\n", "; ");
            return new Loaded(
                    file, DaemonSettings.DEFAULT, Optional.of("The settings of the daemon are not valid: " + cause));
        }
    }

    /** What holds now. */
    public DaemonSettings settings() {
        return settings;
    }

    /** Why the file is not what holds, in a whole sentence. */
    public Optional<String> problem() {
        return problem;
    }

    /**
     * Changes the settings; changes are made in the order in which they are asked for.
     *
     * @return what holds then, once it is durable; fails with an {@link IOException}, and nothing is changed, when it could not
     *     be written or the file that is there must be mended first
     */
    public Future<DaemonSettings> change(UnaryOperator<DaemonSettings> change) {
        Future<DaemonSettings> changed = last.transform(_ -> saved(change.apply(settings)));
        last = changed;
        return changed;
    }

    private Future<DaemonSettings> saved(DaemonSettings next) {
        if (problem.isPresent()) {
            return Future.failedFuture(new IOException(problem.get()));
        }
        return vertx.<DaemonSettings>executeBlocking(() -> {
                    file.replace(DaemonSettingsCodec.print(next).getBytes(StandardCharsets.UTF_8));
                    return next;
                })
                .onSuccess(written -> settings = written);
    }
}
