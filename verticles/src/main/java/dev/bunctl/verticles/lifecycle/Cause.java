package dev.bunctl.verticles.lifecycle;

import dev.bunctl.bridge.message.CrashRecord;
import dev.bunctl.verticles.lifecycle.Event.Occasion;
import dev.bunctl.verticles.lifecycle.Event.Trouble;

/**
 * Why a process ended, or was told to.
 *
 * @param kind for programs
 * @param text for people, in words that begin a sentence
 */
public record Cause(CrashRecord.Kind kind, String text) {
    static Cause user(String text) {
        return new Cause(CrashRecord.Kind.USER, text);
    }

    static Cause reload(String text) {
        return new Cause(CrashRecord.Kind.RELOAD, text);
    }

    static Cause of(Occasion occasion, String text) {
        return new Cause(
                switch (occasion) {
                    case CRON -> CrashRecord.Kind.CRON;
                    case FILE_CHANGE -> CrashRecord.Kind.WATCH;
                },
                text);
    }

    static Cause of(Trouble trouble, String text) {
        return new Cause(
                switch (trouble) {
                    case HEALTH -> CrashRecord.Kind.PROBE;
                    case MEMORY -> CrashRecord.Kind.LIMIT;
                },
                text);
    }

    /** More is known by now. */
    Cause and(String more) {
        return new Cause(kind, text + ", " + more);
    }
}
