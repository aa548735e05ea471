package dev.bunctl.cli.full;

import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Render;
import dev.bunctl.bridge.render.Rendered;
import java.util.Optional;

/** Failures as they are shown: a line for each problem, and what a program wrote below it. */
final class Failures {
    private static final String WRITTEN = "    ";

    private Failures() {}

    static Rendered rendered(FailureException failure, Presentation how) {
        String text = String.valueOf(failure.getMessage());
        if (how.json()) {
            return Render.error(failure.code(), text.replace("\n", "; "), failure.hint(), how);
        }
        return new Rendered(
                "",
                talk(failure.code(), text, failure.hint(), how),
                failure.code().exitCode());
    }

    /** The text for stderr, whatever the form of the answer. */
    static String talk(ErrorCode code, String text, Optional<String> hint, Presentation how) {
        Presentation words = new Presentation(false, how.colours(), how.columns());
        StringBuilder err = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            err.append(
                    line.startsWith(WRITTEN)
                            ? Render.quoted(line.strip())
                            : Render.error(code, line, Optional.empty(), words).err());
        }
        hint.ifPresent(advice -> err.append("hint: ").append(advice).append('\n'));
        return err.toString();
    }
}
