package dev.bunctl.verticles.access;

import dev.bunctl.bridge.server.Peer;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.verticles.log.files.RolledFile;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code <home>/audit.log}: every command that came from outside, a line of JSON each, written before its answer goes out. Used
 * from one event loop; the disk is written elsewhere. What cannot be written is counted, said in the status, and told in the log
 * itself as soon as that can be written again: nothing is left out silently, and a full disk stops no command.
 */
public final class AuditLog {
    /** Entries that wait for the disk; while there are more, no command is taken. */
    static final int MAX_WAITING = 4096;

    static final long MAX_BYTES = 16L << 20;

    /** Files put aside. */
    static final int KEPT = 9;

    /** Those who are not let in are told of together, this often, so that they cannot wash the log away. */
    static final Duration REFUSAL_INTERVAL = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger(AuditLog.class.getName());

    private final Vertx vertx;
    private final Path file;
    private final InstantSource clock;
    private final List<Waiting> waiting = new ArrayList<>();
    private @Nullable RolledFile out;
    private Future<Void> last = Future.succeededFuture();
    private boolean writing;
    private long missed;
    private long turnedAway;
    private boolean refusalsTold;
    private String lastFrom = "";
    private String lastWhy = "";
    private Optional<String> problem = Optional.empty();

    private record Waiting(AuditEntry entry, Promise<Void> written) {}

    /** Nothing is written before the first entry. */
    public AuditLog(Vertx vertx, Path home, InstantSource clock) {
        this.vertx = vertx;
        this.file = home.resolve("audit.log");
        this.clock = clock;
    }

    public InstantSource clock() {
        return clock;
    }

    /** Whether so much waits for the disk that no more should be begun. */
    public boolean isFull() {
        return waiting.size() >= MAX_WAITING;
    }

    /** Why entries are missing, in a whole sentence. */
    public Optional<String> warning() {
        return problem.map(why -> "The audit log cannot be written: " + why + ". Entries are missing: " + missed + ".");
    }

    /** Writes an entry; completes when it is written or counted as missing. Never fails. */
    public Future<Void> append(AuditEntry entry) {
        if (isFull()) {
            missed++;
            return Future.succeededFuture();
        }
        Promise<Void> written = Promise.promise();
        last = written.future();
        waiting.add(new Waiting(entry, written));
        if (!writing) {
            writeWaiting();
        }
        return written.future();
    }

    /** Completes when all that was told so far is written, or could not be. */
    public Future<Void> written() {
        return last.otherwiseEmpty();
    }

    /** Tells of somebody who came in by a token. */
    public void admitted(Peer peer) {
        var _ = append(AuditEntry.login(clock.instant(), peer));
    }

    /** Tells of somebody who hears from now on what is published somewhere. */
    public void registered(Peer peer, String address) {
        var _ = append(AuditEntry.registered(clock.instant(), peer, address));
    }

    /** Tells of somebody who may not hear what is published somewhere. */
    public void registrationRefused(Peer peer, String address, String why) {
        var _ = append(AuditEntry.registrationRefused(clock.instant(), peer, address, why));
    }

    /** Tells of somebody who was not let in: of the first at once, of those after it together. */
    public void turnedAway(String from, String why) {
        turnedAway++;
        lastFrom = from;
        lastWhy = why;
        if (!refusalsTold) {
            tellRefusals();
        }
    }

    private void tellRefusals() {
        refusalsTold = turnedAway > 0;
        if (refusalsTold) {
            var _ = append(AuditEntry.turnedAway(clock.instant(), lastFrom, lastWhy, turnedAway));
            turnedAway = 0;
            long _ = vertx.setTimer(REFUSAL_INTERVAL.toMillis(), _ -> tellRefusals());
        }
    }

    private void writeWaiting() {
        writing = true;
        List<Waiting> batch = List.copyOf(waiting);
        waiting.clear();
        List<AuditEntry> entries = new ArrayList<>(batch.size() + 1);
        long told = missed;
        if (told > 0) {
            entries.add(AuditEntry.missed(clock.instant(), told));
        }
        batch.forEach(one -> entries.add(one.entry()));
        Future<Void> done = vertx.executeBlocking(
                () -> {
                    write(entries);
                    return null;
                },
                false);
        done.onComplete(result -> {
            writing = false;
            if (result.succeeded()) {
                missed -= told;
                problem = Optional.empty();
            } else {
                missed += batch.size();
                failed(result.cause());
            }
            batch.forEach(one -> one.written().complete());
            if (!waiting.isEmpty() && !writing) {
                writeWaiting();
            }
        });
    }

    private void failed(Throwable cause) {
        if (problem.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "the audit log cannot be written", cause);
        }
        problem = Optional.of(String.valueOf(cause.getMessage()));
    }

    /** One at a time: the next batch begins when this one is done. */
    private void write(List<AuditEntry> entries) throws IOException {
        RolledFile open = out;
        if (open == null) {
            open = new RolledFile(file, MAX_BYTES, KEPT);
            out = open;
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream(256 * entries.size());
        for (AuditEntry entry : entries) {
            lines.writeBytes(Json.writeBytes(entry.members()));
            lines.write('\n');
        }
        try {
            open.append(lines.toByteArray());
        } catch (IOException broken) {
            out = null;
            try {
                open.close();
            } catch (IOException again) {
                broken.addSuppressed(again);
            }
            throw broken;
        }
    }

    /** Writes what waits and closes the file. */
    public Future<Void> close() {
        Future<Void> last = waiting.isEmpty()
                ? Future.succeededFuture()
                : waiting.getLast().written().future();
        return last.compose(_ -> vertx.executeBlocking(
                () -> {
                    RolledFile open = out;
                    out = null;
                    if (open != null) {
                        open.close();
                    }
                    return null;
                },
                false));
    }
}
