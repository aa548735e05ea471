package dev.bunctl.cli.full;

import dev.bunctl.bridge.wire.FrameChannel;
import org.jspecify.annotations.Nullable;

/** How a daemon is reached. */
interface Reach {
    /** A link to the daemon that runs, or null. */
    @Nullable
    FrameChannel connectIfRunning() throws FailureException;

    /** A link to the daemon, started if that can be done from here. */
    FrameChannel connect() throws FailureException;

    /** Where it says why it ended. */
    String log();
}
