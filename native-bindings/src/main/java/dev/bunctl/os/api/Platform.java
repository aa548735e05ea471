package dev.bunctl.os.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * One operating system, opened once by the daemon. Closing it ends the native event loop and gives back every
 * descriptor; running processes are left alone.
 */
public interface Platform extends AutoCloseable {
    /** What this host can do, probed once when the platform was opened. */
    Capabilities capabilities();

    /** The processes this daemon owns. */
    Processes processes();

    /** Readings of CPU and memory, taken when asked and never by themselves. */
    ProcessSampler sampler();

    /** Requests of the outside that this daemon should end, reload and so on. */
    HostSignals hostSignals();

    /**
     * Opens a file for output, made with mode 0600 when it is not there. Its folder must exist. Blocks on the disk.
     *
     * @throws NativeException when the file cannot be opened
     */
    LogFile openLog(Path path) throws NativeException;

    /** The stdout that this daemon was given. */
    StandardStream standardOutput();

    /** The stderr that this daemon was given. */
    StandardStream standardError();

    /** The number of a signal, which a shell adds to 128 for the exit code of a program that it ended. */
    int numberOf(Signal signal);

    /** Differs after each start of the host; with pid and start time it names a process for ever. */
    String bootId();

    /** Tells the parent of all processes that this daemon serves now. Never blocks. */
    void announceReady();

    /** Tells the parent that no process is wanted any more and that it may end when this daemon ends with 0. */
    void announceFinished();

    /**
     * Calls back once when the parent of all processes is gone, at once when it is already. From then on no process can
     * be started; those that run are still watched, and their exit may be {@link ExitStatus.Unknown}.
     */
    void onParentLost(Executor executor, Runnable callback);

    /**
     * From now on the question of the parent of all processes whether this daemon lives is answered on this executor, so
     * that one that does no work any more is found out and replaced. Before, it is answered as it comes in.
     */
    void answerLivenessOn(Executor executor);

    /**
     * Asks the parent of all processes to become another program, which keeps every process. Calls back once, with
     * nothing when it has, else with why not; nothing has changed then. One question at a time.
     *
     * @param program absolute path of the new program
     */
    void replaceParent(Path program, Executor executor, Consumer<Optional<NativeException>> callback);

    /**
     * Looks up who a program is to run as. Blocks.
     *
     * @param user name or number
     * @param group name or number, or empty for the user's own
     * @throws NativeException when there is no such user or group, or this host cannot do it
     */
    default SpawnPlan.Credentials credentials(
            String user, Optional<String> group, boolean noNewPrivileges, List<String> keptCapabilities)
            throws NativeException {
        throw new NativeException("user", 0, "this platform cannot run a program as another user, not as " + user);
    }

    /**
     * Waits for {@code READY=1} as in sd_notify(3). Blocks shortly on the file system.
     *
     * @param path where; what lies there is replaced
     * @param credentials who the program runs as, or empty for the daemon's own user: nobody else is believed but root
     * @param ready called once, on the executor
     * @throws NativeException when the socket cannot be made, or this host has no such thing
     */
    default NotifySocket openNotify(
            Path path, Optional<SpawnPlan.Credentials> credentials, Executor executor, Runnable ready)
            throws NativeException {
        throw new NativeException("notify", 0, "this platform has no sd_notify");
    }

    /**
     * Watches folders, none at first.
     *
     * @throws NativeException when this host cannot
     */
    default FolderWatch watchFolders(Executor executor, FolderWatch.Listener listener) throws NativeException {
        throw new NativeException("watch", 0, "this platform does not tell of changes of files");
    }

    /**
     * Tells nobody of anything any more, for a daemon that makes room for another: what happens from now on is left for
     * that one to hear. What is being told at this moment is waited for. Processes can still be asked for and signalled.
     */
    void fallSilent();

    /** Whether a process could not be started because this host, or this user, has too little of something for now. */
    boolean isShortage(NativeException cause);

    @Override
    void close();
}
