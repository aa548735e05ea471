package dev.bunctl.bridge.message;

import java.util.List;

/** Which apps a command is for. */
public sealed interface Selection {
    int MAX_WORDS = 10_000;

    /** Every app; no refusal when there is none. */
    record All() implements Selection {}

    /** Apps by name ({@code api}), by instance ({@code api:1}) or by id ({@code 3}). Refused when one is unknown. */
    record Named(List<String> words) implements Selection {
        public Named {
            words = List.copyOf(words);
            if (words.isEmpty() || words.size() > MAX_WORDS) {
                throw new IllegalArgumentException("1 to " + MAX_WORDS + " names or ids expected");
            }
        }
    }
}
