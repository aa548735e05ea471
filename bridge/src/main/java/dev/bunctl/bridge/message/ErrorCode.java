package dev.bunctl.bridge.message;

/** Why something was refused or failed, with the exit code that the command ends with. Codes never change meaning. */
public enum ErrorCode {
    /** The command was carried out, but an app did not come where it should. */
    APP_FAILED(1),
    /** The command line makes no sense. */
    USAGE(2),
    /** A configuration or an argument is not valid. */
    INVALID(3),
    /** No app of that name or id. */
    UNKNOWN_APP(4),
    /** A file, folder or program that was named is not there or cannot be read. */
    NOT_FOUND(5),
    /** The role does not allow it. */
    FORBIDDEN(6),
    /** A limit was passed: too many, too large, too fast. */
    LIMIT(7),
    /** No daemon could be reached or started. */
    NO_DAEMON(8),
    /** The daemon was lost while it worked on the command. */
    DAEMON_LOST(9),
    /** It was not done in time. */
    TIMEOUT(10),
    /** This host cannot do it. */
    UNSUPPORTED(11),
    /** Something that bunctl needs is broken; {@code doctor} says what. */
    BROKEN(12),
    /** A node of the cluster does not answer, or there is no cluster. */
    UNREACHABLE(13),
    /** Some nodes did what was asked and others did not; the answers say which. */
    PARTIAL(14),
    /** A bug or a failure inside bunctl. */
    INTERNAL(70);

    private final int exitCode;

    ErrorCode(int exitCode) {
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
