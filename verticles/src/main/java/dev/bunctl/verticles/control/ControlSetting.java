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
import java.util.function.Supplier;

/**
 * What the control verticle works with.
 *
 * @param store what the user wants
 * @param warnings what the user should know whatever is asked, in whole sentences
 * @param survivors what a former daemon left
 * @param access carries out what is asked about who reaches the daemon
 * @param daemon who this daemon is
 * @param ended called once when a command to end the daemon has been carried out and answered
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
        Runnable ended,
        Runnable handedOver) {
    public ControlSetting {
        survivors = List.copyOf(survivors);
    }

    /** Who a daemon is. */
    public record DaemonIdentity(long pid, long guardPid, String version, Path home, Instant startedAt) {}
}
