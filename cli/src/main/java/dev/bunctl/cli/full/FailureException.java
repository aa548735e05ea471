package dev.bunctl.cli.full;

import dev.bunctl.bridge.message.ErrorCode;
import java.util.Optional;

/** The command ends here: what happened, and what to do about it. */
final class FailureException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String hint;

    FailureException(ErrorCode code, String detail, String hint) {
        super(detail);
        this.code = code;
        this.hint = hint;
    }

    ErrorCode code() {
        return code;
    }

    Optional<String> hint() {
        return hint.isEmpty() ? Optional.empty() : Optional.of(hint);
    }
}
