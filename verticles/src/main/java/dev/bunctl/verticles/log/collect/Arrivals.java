package dev.bunctl.verticles.log.collect;

import dev.bunctl.verticles.log.files.ArrivalIndex;
import dev.bunctl.verticles.log.files.LogFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keeps the arrival times of one log as long as that can be done; a failure is reported and costs no line. Blocking. */
final class Arrivals {
    private final Path log;
    private final Workshop shop;
    private @Nullable ArrivalIndex index;
    private boolean apart;

    Arrivals(Path log, Workshop shop) {
        this.log = log;
        this.shop = shop;
    }

    /** Goes on with the index of a log of that size. */
    void open(long bytes) {
        try {
            index = ArrivalIndex.open(LogFolder.indexOf(log), bytes);
        } catch (IOException e) {
            shop.troubles().report(log, "arrival times are not kept: " + e);
        }
    }

    /** What comes next must not share the time of what came before, however close they are. */
    void setApart() {
        apart = true;
    }

    /** What is about to be written at this offset arrives now. */
    void note(long offset) {
        if (index != null) {
            try {
                index.note(offset, shop.clock().millis(), apart);
                apart = false;
            } catch (IOException e) {
                lost(e);
            }
        }
    }

    /** The log begins anew. */
    void restart() {
        if (index != null) {
            try {
                index.restart();
            } catch (IOException e) {
                lost(e);
            }
        }
    }

    /** The log was emptied. */
    void empty() throws IOException {
        restart();
        if (index == null) {
            Files.deleteIfExists(LogFolder.indexOf(log));
        }
    }

    private void lost(IOException cause) {
        shop.troubles().report(log, "arrival times are no longer kept: " + cause);
        close();
    }

    void close() {
        if (index != null) {
            try {
                index.close();
            } catch (IOException e) {
                shop.troubles().report(log, "its index cannot be closed: " + e);
            }
            index = null;
        }
    }
}
