package dev.bunctl.verticles.control;

import dev.bunctl.conf.AppSpec;

/** Says where the output of an instance is written, for people to read. */
public interface LogPaths {
    /** Path of its stdout log, or empty when there is none. */
    String out(AppSpec spec, int number);

    /** Path of its stderr log, or empty when there is none. */
    String err(AppSpec spec, int number);
}
