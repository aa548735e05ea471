package dev.bunctl.bridge.message;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A reading of logs that its reader asks on, a batch at a time: who does not ask gets nothing, and holds up nobody. A question that is
 * repeated because its answer was lost has the same answer.
 */
public sealed interface LogReading extends Command {
    /** Digits of the id of a reading. */
    int ID_LENGTH = 32;

    /** What it is called: {@value #ID_LENGTH} lower-case hexadecimal digits that its reader has drawn by chance. */
    String reading();

    @Override
    default Role role() {
        return Role.OBSERVER;
    }

    /**
     * Begins a reading. Answers with {@link Answer.LogBatch}, the first.
     *
     * @param from where a reading goes on that was broken off, in place of lines of the past
     */
    record Open(String reading, Selection selection, LogQuery query, Optional<Place> from) implements LogReading {
        public Open {
            check(reading);
        }
    }

    /**
     * Asks for the batch behind another. Answers with {@link Answer.LogBatch}; with the same number and no lines when none came for a
     * while.
     *
     * @param after number of the batch that was read last
     */
    record Next(String reading, long after) implements LogReading {
        public Next {
            check(reading);
        }
    }

    /** Ends a reading; one that is not known has ended. Answers with an empty {@link Answer.LogBatch}, the last. */
    record Close(String reading) implements LogReading {
        public Close {
            check(reading);
        }
    }

    /**
     * Where a reading stands.
     *
     * @param since when it began: of logs that came after, what arrived since is read
     * @param at the place in each log, by its file, as the daemon that read it writes it
     */
    record Place(Instant since, Map<String, String> at) {
        /** Logs of one place. */
        public static final int MAX = 4096;

        public Place {
            at = Map.copyOf(at);
        }
    }

    private static void check(String reading) {
        if (reading.length() != ID_LENGTH
                || !reading.chars()
                        .allMatch(digit -> (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'))) {
            throw new IllegalArgumentException(ID_LENGTH + " lower-case hexadecimal digits");
        }
    }
}
