package dev.bunctl.verticles.supervisor;

import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * Finds out whether a tree that has passed its soft memory limit really holds so much: cached files alone bring it there
 * as well, and a restart would not help them. Looks when the host tells of it, and again while it stays so.
 */
final class SoftMemory {
    /** What must be held, in percent of the limit. The rest may be the kernel's own for this tree. */
    static final int HELD_PERCENT = 90;

    /** Between two looks. */
    static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(SoftMemory.class.getName());

    private final ProcessKey key;
    private final Processes processes;
    private final Surroundings around;
    private final LongConsumer holdsTooMuch;
    private long limit;
    private boolean looking;
    private boolean ended;
    private OptionalLong timer = OptionalLong.empty();

    /** @param holdsTooMuch told the bytes that are held, again and again until this is ended */
    SoftMemory(ProcessKey key, long limit, Processes processes, Surroundings around, LongConsumer holdsTooMuch) {
        this.key = key;
        this.limit = limit;
        this.processes = processes;
        this.around = around;
        this.holdsTooMuch = holdsTooMuch;
    }

    void limit(long bytes) {
        limit = bytes;
        look();
    }

    /** Looks now, and once more later: what comes meanwhile is not told one by one. */
    void look() {
        if (ended || looking) {
            return;
        }
        looking = true;
        around.blocking(() -> processes.account(key))
                .onFailure(cause -> LOG.log(System.Logger.Level.WARNING, "no account of the memory of " + key, cause))
                .otherwise(Optional.empty())
                .onSuccess(account -> take(account.flatMap(Processes.Account::memory)));
    }

    private void take(Optional<Processes.MemoryAccount> memory) {
        looking = false;
        if (ended || memory.isEmpty()) {
            return;
        }
        long held = memory.get().heldBytes();
        if (held >= limit / 100 * HELD_PERCENT) {
            holdsTooMuch.accept(held);
        }
        if (memory.get().bytes() >= limit / 100 * HELD_PERCENT && !ended) {
            lookLater();
        }
    }

    private void lookLater() {
        timer.ifPresent(around::cancel);
        timer = OptionalLong.of(around.arm(LOOK_AGAIN, () -> {
            timer = OptionalLong.empty();
            look();
        }));
    }

    void end() {
        ended = true;
        timer.ifPresent(around::cancel);
        timer = OptionalLong.empty();
    }
}
