package dev.bunctl.bridge.message;

import java.util.Optional;

/** A body that is no valid command, answer or event. Nothing has been done for it. */
public final class MalformedMessageException extends Exception {
    public MalformedMessageException(String message) {
        super(message);
    }

    public MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What whoever sent it is told. */
    public Answer.Refused refusal() {
        return new Answer.Refused(ErrorCode.INVALID, String.valueOf(getMessage()), Optional.empty());
    }
}
