package dev.bunctl.bridge.command;

import java.util.Locale;

/** How {@code run} prints a line of an app. */
public enum RunOutput {
    /** As it came. */
    RAW,
    /** Behind the name of the instance. */
    PREFIX,
    /** As one JSON object. */
    JSON;

    String option() {
        return name().toLowerCase(Locale.ROOT);
    }
}
