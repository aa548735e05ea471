package dev.bunctl.os.linux;

import dev.bunctl.os.api.Capabilities;
import dev.bunctl.os.api.FolderWatch;
import dev.bunctl.os.api.HostSignals;
import dev.bunctl.os.api.LogFile;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.NotifySocket;
import dev.bunctl.os.api.Platform;
import dev.bunctl.os.api.ProcessSampler;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.Signal;
import dev.bunctl.os.api.SpawnPlan.Credentials;
import dev.bunctl.os.api.StandardStream;
import dev.bunctl.os.linux.GuardChannel.Received;
import dev.bunctl.os.linux.GuardMessage.ToGuard;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Linux, opened by the daemon over the control socket that its guard gave it. */
public final class LinuxPlatform implements Platform {
    private static final StandardStream STDOUT = new LinuxStandardStream(1);
    private static final StandardStream STDERR = new LinuxStandardStream(2);

    private static final System.Logger LOG = System.getLogger(LinuxPlatform.class.getName());
    private static final String DAEMON_VERSION = "0.1.0";

    private final NativeLoop loop;
    private final GuardChannel channel;
    private final LinuxPipes pipes;
    private final LinuxProcesses processes;
    private final LinuxSampler sampler = new LinuxSampler();
    private final LinuxHostSignals hostSignals = new LinuxHostSignals();
    private final Capabilities capabilities;
    private final List<Runnable> parentLost = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private String bootId = "";
    private long channelToken;
    private boolean guardGone;
    private volatile Executor liveness = Runnable::run;
    private final AtomicReference<@Nullable Replacement> replacement = new AtomicReference<>();

    /** A question under way whether the guard becomes another program. */
    private record Replacement(int sequence, Executor executor, Consumer<Optional<NativeException>> callback) {}

    private @Nullable Inotify inotify;

    private LinuxPlatform(NativeLoop loop, GuardChannel channel, CgroupBase.Result cgroups) throws NativeException {
        this.loop = loop;
        this.channel = channel;
        pipes = new LinuxPipes(loop, this::tell);
        Containments containments = switch (cgroups) {
            case CgroupBase.Result.Found found -> Containments.in(new CgroupTree(found), loop);
            case CgroupBase.Result.Missing _ -> Containments.none();
        };
        processes = new LinuxProcesses(channel, pipes, new OrphanWatch(loop, InstantSource.system()), containments);
        capabilities = LinuxCapabilities.probe(cgroups);
    }

    /**
     * Opens the platform: greets the guard and takes in what former daemons left. Blocks until the guard has answered,
     * {@link GuardHandshake#PATIENCE} at most.
     *
     * @param controlFd the inherited control socket; it belongs to the platform from now on
     * @param home the daemon's home
     * @throws NativeException when the socket is none, or the guard does not answer as it should
     */
    public static LinuxPlatform open(int controlFd, Path home) throws NativeException {
        return open(controlFd, home, CgroupBase::find);
    }

    /** Finds where groups can be made, given the home and the guard's pid. */
    interface CgroupFinder {
        CgroupBase.Result find(Path home, long guardPid);
    }

    static LinuxPlatform open(int controlFd, Path home, CgroupFinder finder) throws NativeException {
        GuardChannel channel = GuardChannel.over(controlFd);
        NativeLoop loop = NativeLoop.open();
        GuardHandshake handshake = new GuardHandshake(channel);
        try {
            GuardMessage.Welcome welcome = handshake.greet(DAEMON_VERSION);
            CgroupBase.Result cgroups = finder.find(home, welcome.guardPid());
            return new LinuxPlatform(loop, channel, cgroups).begin(handshake, welcome);
        } catch (NativeException e) {
            loop.close();
            channel.close();
            throw new NativeException(e.call(), e.errno(), "home " + home + ": " + e.detail());
        }
    }

    /**
     * Loads the native code and asks the kernel something, as a new version does before it takes over.
     *
     * @throws NativeException when the kernel refuses what every daemon needs
     */
    public static void check() throws NativeException {
        try (NativeLoop loop = NativeLoop.open()) {
            loop.start();
        }
    }

    private LinuxPlatform begin(GuardHandshake handshake, GuardMessage.Welcome welcome) throws NativeException {
        try {
            bootId = welcome.bootId();
            handshake.table(processes::restore);
            processes.removeStale();
            hostSignals.open(loop);
            channelToken = loop.add(channel.descriptor(), LibC.EPOLLIN, this::ready);
            channel.onQueueChange(() -> loop.execute(this::watchChannel));
            loop.start();
            return this;
        } catch (NativeException e) {
            close();
            throw e;
        }
    }

    private void watchChannel() {
        int interest = channel.queued() ? LibC.EPOLLIN | LibC.EPOLLOUT : LibC.EPOLLIN;
        try {
            loop.modify(channel.descriptor(), interest, channelToken);
        } catch (NativeException e) {
            LOG.log(System.Logger.Level.DEBUG, "the guard's socket is not watched any more", e);
        }
    }

    private void ready(int events) {
        try {
            while (receive()) {
                // until nothing is there
            }
            if ((events & LibC.EPOLLOUT) != 0) {
                channel.flush();
            }
        } catch (NativeException e) {
            LOG.log(System.Logger.Level.ERROR, "the guard cannot be talked to any more", e);
            guardLost();
        }
    }

    /** Takes one message in, and says whether there may be more. */
    private boolean receive() throws NativeException {
        switch (channel.receive()) {
            case Received.Message message -> dispatch(message);
            case Received.Malformed _ -> {
                // said in the log
            }
            case Received.Nothing _ -> {
                return false;
            }
            case Received.Closed _ -> {
                guardLost();
                return false;
            }
        }
        return true;
    }

    private void dispatch(Received.Message received) {
        switch (received.packet().message()) {
            case GuardMessage.Ping _ -> liveness.execute(() -> tell(new GuardMessage.Pong()));
            case GuardMessage.Upgraded _ -> replaced(Optional.empty());
            case GuardMessage.Refused(int errno, String reason)
            when isOfReplacement(received.packet().sequence()) ->
                replaced(Optional.of(new NativeException("upgrade", errno, reason)));
            case GuardMessage.Requested requested -> hostSignals.request(requested.what());
            case GuardMessage.FromGuard message ->
                processes.received(received.packet().sequence(), message, received.descriptors());
        }
    }

    private boolean isOfReplacement(int sequence) {
        Replacement asked = replacement.get();
        return asked != null && asked.sequence() == sequence;
    }

    private void replaced(Optional<NativeException> problem) {
        Replacement asked = replacement.getAndSet(null);
        if (asked != null) {
            asked.executor().execute(() -> asked.callback().accept(problem));
        }
    }

    @Override
    public void answerLivenessOn(Executor executor) {
        liveness = executor;
    }

    @Override
    public void replaceParent(Path program, Executor executor, Consumer<Optional<NativeException>> callback) {
        Replacement asked = new Replacement(channel.nextSequence(), executor, callback);
        if (!replacement.compareAndSet(null, asked)) {
            executor.execute(() ->
                    callback.accept(Optional.of(new NativeException("upgrade", Errno.EBUSY, "another is under way"))));
            return;
        }
        try {
            channel.send(asked.sequence(), new GuardMessage.Upgrade(program.toString()));
        } catch (NativeException e) {
            replaced(Optional.of(e));
        }
    }

    private void guardLost() {
        channel.markLost();
        replaced(Optional.of(new NativeException("upgrade", Errno.ECHILD, "the guard is gone")));
        try {
            loop.remove(channel.descriptor(), channelToken);
        } catch (NativeException e) {
            LOG.log(System.Logger.Level.DEBUG, "the loop has ended already", e);
        }
        processes.guardLost();
        synchronized (parentLost) {
            guardGone = true;
            parentLost.forEach(Runnable::run);
            parentLost.clear();
        }
    }

    private void tell(ToGuard message) {
        try {
            channel.send(message instanceof GuardMessage.Pong ? 0 : channel.nextSequence(), message);
        } catch (NativeException e) {
            LOG.log(System.Logger.Level.WARNING, "the guard was not told", e);
        }
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Processes processes() {
        return processes;
    }

    @Override
    public ProcessSampler sampler() {
        return sampler;
    }

    @Override
    public HostSignals hostSignals() {
        return hostSignals;
    }

    @Override
    public LogFile openLog(Path path) throws NativeException {
        return LinuxLogFile.open(path);
    }

    @Override
    public StandardStream standardOutput() {
        return STDOUT;
    }

    @Override
    public StandardStream standardError() {
        return STDERR;
    }

    @Override
    public int numberOf(Signal signal) {
        return SignalNumbers.number(signal);
    }

    @Override
    public String bootId() {
        return bootId;
    }

    @Override
    public void announceReady() {
        tell(new GuardMessage.Ready());
    }

    @Override
    public void announceFinished() {
        processes.finished();
        tell(new GuardMessage.Finished());
    }

    @Override
    public void onParentLost(Executor executor, Runnable callback) {
        synchronized (parentLost) {
            if (guardGone) {
                executor.execute(callback);
            } else {
                parentLost.add(() -> executor.execute(callback));
            }
        }
    }

    @Override
    public Credentials credentials(
            String user, Optional<String> group, boolean noNewPrivileges, List<String> keptCapabilities)
            throws NativeException {
        return LinuxAccounts.credentials(user, group, noNewPrivileges, keptCapabilities);
    }

    @Override
    public NotifySocket openNotify(Path path, Optional<Credentials> credentials, Executor executor, Runnable ready)
            throws NativeException {
        int user = credentials.map(Credentials::user).orElseGet(LibC::geteuid);
        return LinuxNotifySocket.open(loop, path, user, () -> executor.execute(ready));
    }

    @Override
    public synchronized FolderWatch watchFolders(Executor executor, FolderWatch.Listener listener)
            throws NativeException {
        if (inotify == null) {
            inotify = Inotify.open(loop);
        }
        return new LinuxFolderWatch(inotify, executor, listener);
    }

    private synchronized void closeInotify() {
        if (inotify != null) {
            inotify.close();
        }
    }

    /** How many output pipes are held now. */
    int openPipes() {
        return pipes.openPipes();
    }

    @Override
    public void fallSilent() {
        loop.fallSilent();
    }

    @Override
    public boolean isShortage(NativeException cause) {
        return Errno.isShortage(cause.errno());
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            loop.close();
            pipes.closeAll();
            processes.close();
            closeInotify();
            hostSignals.close();
            channel.close();
        }
    }
}
