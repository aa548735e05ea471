package dev.bunctl.cli.full;

import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.wire.FrameChannel;
import dev.bunctl.cli.thin.DaemonLink;
import dev.bunctl.cli.thin.LinkRefusedException;
import java.io.IOException;

/** A daemon of another host, which cannot be started from here. */
record RemoteReach(DaemonLink way) implements Reach {
    @Override
    public FrameChannel connectIfRunning() throws FailureException {
        return connect();
    }

    @Override
    public FrameChannel connect() throws FailureException {
        try {
            FrameChannel link = way.connect();
            if (link == null) {
                throw new FailureException(ErrorCode.NO_DAEMON, "no daemon runs there", "");
            }
            return link;
        } catch (LinkRefusedException refused) {
            throw new FailureException(code(refused.exit()), String.valueOf(refused.getMessage()), refused.hint());
        } catch (IOException unreachable) {
            throw new FailureException(ErrorCode.NO_DAEMON, String.valueOf(unreachable.getMessage()), "");
        }
    }

    private static ErrorCode code(int exit) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.exitCode() == exit) {
                return code;
            }
        }
        return ErrorCode.INTERNAL;
    }

    @Override
    public String log() {
        return way.log();
    }
}
