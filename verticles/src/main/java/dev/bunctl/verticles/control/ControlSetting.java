package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.AccessCommand;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.os.api.Platform;
import dev.bunctl.os.api.Processes.Survivor;
import dev.bunctl.verticles.state.StateStore;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * What the control verticle works with.
 *
 * @param store what the user wants
 * @param warnings what the user should know whatever is asked, in whole sentences
 * @param survivors what a former daemon left
 * @param access carries out what is asked about who reaches the daemon
 * @param daemon who this daemon is
 * @param endsWithApps whether the daemon ends by itself when no app runs any more and none will
 * @param ended called once with the exit code of the apps when all of them are stopped and the daemon is to end
 * @param handedOver called once when another daemon is to take over, and that has been answered
 */
public record ControlSetting(
        StateStore store,
        Supplier<List<String>> warnings,
        List<Survivor> survivors,
        Platform platform,
        SupervisorFactory supervisors,
        AppLogs logs,
        Function<AccessCommand, Future<Answer>> access,
        Clock clock,
        DaemonIdentity daemon,
        boolean endsWithApps,
        IntConsumer ended,
        Runnable handedOver) {
    public ControlSetting {
        survivors = List.copyOf(survivors);
    }

    /** Who a daemon is. */
    public record DaemonIdentity(long pid, long guardPid, String version, Path home, Instant startedAt) {}
}
