package dev.bunctl.verticles.log.read;

import dev.bunctl.verticles.log.LogReader;
import dev.bunctl.verticles.log.LogRequest;
import dev.bunctl.verticles.log.collect.Growth;
import dev.bunctl.verticles.log.collect.Lane;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/** Reads the files of this host. */
public final class FileLogReader implements LogReader {
    private final Vertx vertx;
    private final Growth growth;
    private final Executor readers;

    /** @param readers a pool of threads that wait for the disk */
    public FileLogReader(Vertx vertx, Growth growth, Executor readers) {
        this.vertx = vertx;
        this.growth = growth;
        this.readers = readers;
    }

    @Override
    public LogCursor open(LogRequest request) {
        return new FileLogCursor(vertx, new Lane(readers), growth, request);
    }
}
