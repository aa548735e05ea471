package dev.bunctl.bridge.message;

import java.util.Locale;

/** How constants are written in JSON. */
final class Names {
    private Names() {}

    /** {@code WAITING_RESTART} as {@code waiting_restart}; error codes stay as they are. */
    static String wireName(Enum<?> constant) {
        return constant instanceof ErrorCode ? constant.name() : constant.name().toLowerCase(Locale.ROOT);
    }
}
