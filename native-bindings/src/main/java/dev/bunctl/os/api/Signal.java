package dev.bunctl.os.api;

import java.util.Locale;
import java.util.Optional;

/** A signal by its standard POSIX name; numbers are the platform's own business. */
public enum Signal {
    HUP,
    INT,
    QUIT,
    ILL,
    TRAP,
    ABRT,
    BUS,
    FPE,
    KILL,
    USR1,
    SEGV,
    USR2,
    PIPE,
    ALRM,
    TERM,
    CHLD,
    CONT,
    STOP,
    TSTP,
    TTIN,
    TTOU,
    URG,
    XCPU,
    XFSZ,
    VTALRM,
    PROF,
    WINCH,
    IO,
    PWR,
    SYS;

    /** Reads {@code SIGTERM}, {@code TERM} or {@code term}. */
    public static Optional<Signal> named(String text) {
        String name = text.toUpperCase(Locale.ROOT);
        if (name.startsWith("SIG")) {
            name = name.substring(3);
        }
        for (Signal signal : values()) {
            if (signal.name().equals(name)) {
                return Optional.of(signal);
            }
        }
        return Optional.empty();
    }

    /** The long name, {@code SIGTERM}. */
    public String longName() {
        return "SIG" + name();
    }
}
