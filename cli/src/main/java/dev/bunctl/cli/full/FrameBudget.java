package dev.bunctl.cli.full;

import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.codec.AppSpecCodec;
import java.util.List;

/** What one message to the daemon can carry. Looked at before the message is made, which may take many times its size. */
final class FrameBudget {
    /** Left for all but the specifications. */
    private static final int REST = 64 << 10;

    private FrameBudget() {}

    static void check(List<AppSpec> specs) throws FailureException {
        long bytes = REST;
        for (AppSpec spec : specs) {
            bytes += Json.writeBytes(AppSpecCodec.toMap(spec)).length;
            if (bytes > Protocol.MAX_FRAME) {
                throw new FailureException(
                        ErrorCode.LIMIT,
                        specs.size() + " apps with their environments take more than the " + (Protocol.MAX_FRAME >> 20)
                                + " MiB that one command can carry",
                        "take some of them at a time, with --only or from several files; filter_env makes each smaller");
            }
        }
    }
}
