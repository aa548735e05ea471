package dev.bunctl.verticles.main;

import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.server.BridgeLimits;
import dev.bunctl.bridge.server.BridgeServer;
import dev.bunctl.bridge.server.InheritedSocketTransport;
import dev.bunctl.bridge.server.Permissions;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.os.api.HostSignals;
import dev.bunctl.os.api.Platform;
import dev.bunctl.verticles.access.Access;
import dev.bunctl.verticles.access.AuditLog;
import dev.bunctl.verticles.cluster.ClusterSwitch;
import dev.bunctl.verticles.configuration.ConfigurationWatch;
import dev.bunctl.verticles.control.Assignment;
import dev.bunctl.verticles.control.ControlSetting;
import dev.bunctl.verticles.control.ControlSetting.DaemonIdentity;
import dev.bunctl.verticles.control.ControlVerticle;
import dev.bunctl.verticles.control.SupervisorFactory;
import dev.bunctl.verticles.edge.EdgeVerticle;
import dev.bunctl.verticles.internal.InternalAddresses;
import dev.bunctl.verticles.internal.LocalCodec;
import dev.bunctl.verticles.lifecycle.Desired;
import dev.bunctl.verticles.log.Logs;
import dev.bunctl.verticles.state.StateFile;
import dev.bunctl.verticles.state.StateStore;
import dev.bunctl.verticles.supervisor.Channels;
import dev.bunctl.verticles.supervisor.Preload;
import dev.bunctl.verticles.supervisor.RuntimeFiles;
import dev.bunctl.verticles.supervisor.SpawnPlanner;
import dev.bunctl.verticles.supervisor.SupervisorServices;
import dev.bunctl.verticles.supervisor.SupervisorVerticle;
import dev.bunctl.verticles.supervisor.channel.AppChannels;
import dev.bunctl.verticles.supervisor.channel.ChannelFolders;
import dev.bunctl.verticles.supervisor.files.WatchedFiles;
import dev.bunctl.verticles.supervisor.watch.DeclaredWatches;
import dev.bunctl.verticles.supervisor.watch.ProbeLeftovers;
import dev.bunctl.verticles.web.WebSwitch;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Everything that one daemon consists of. All of it lives on one event loop. */
final class Daemon {
    private static final System.Logger LOG = System.getLogger(Daemon.class.getName());
    private static final long LONGEST_END_HOURS = 2;

    /** Set by the guard of {@code bunctl run}. */
    static final String RUN = "BUNCTL_RUN";

    /** A disk, or the reader of a run's output, that takes nothing any more keeps the daemon for no longer. */
    private static final long LOGS_CLOSE_SECONDS = 10;

    /** As a shell says it of a program whose output nobody reads: 128 and SIGPIPE. */
    private static final int READER_GONE = 141;

    private final Vertx vertx;
    private final Platform platform;
    private final Path home;
    private final ChannelFolders folders;
    private final StateStore store;
    private final Logs logs;
    private final AuditLog audit;
    private final EdgeVerticle edge;
    private final BridgeServer server;
    private final Access access;
    private final WebSwitch web;
    private final ClusterSwitch cluster;
    private final ConfigurationWatch configurations;
    private final Promise<Ending> ended = Promise.promise();
    private final Promise<Void> listening = Promise.promise();
    private int exitCode;
    private boolean readerGone;

    /** How a daemon came to its end. */
    enum Ending {
        /** Every app is stopped. */
        FINISHED,
        /** Another daemon is to take over; apps run on. */
        HANDED_OVER,
        /** The guard is gone; a new one is to take over, with a daemon of its own; apps run on. */
        ORPHANED
    }

    private Daemon(Vertx vertx, Platform platform, Path home, StateStore store, Access.Loaded reached) {
        this.vertx = vertx;
        this.store = store;
        this.platform = platform;
        this.home = home;
        this.folders = ChannelFolders.of(home, Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR")));
        Context context = vertx.getOrCreateContext();
        this.logs = Logs.open(
                vertx,
                platform,
                home.resolve("logs"),
                home.resolve("state").resolve("dropped"),
                Clock.systemUTC(),
                () -> context.runOnContext(_ -> readerGone()));
        this.audit = new AuditLog(vertx, home, Clock.systemUTC());
        this.edge = new EdgeVerticle(logs.reader(), home.resolve("logs"), audit, DaemonMain.VERSION);
        this.access = new Access(vertx, home, reached, Clock.systemUTC(), edge);
        this.web = new WebSwitch(vertx, home, access, edge, logs.volume());
        this.cluster = new ClusterSwitch(
                vertx, access.settings(), lib().resolve("cluster"), DaemonMain.VERSION, Clock.systemUTC());
        this.server = new BridgeServer(vertx, BridgeLimits.DEFAULT, Permissions.PUBLIC, edge);
        this.configurations = ConfigurationWatch.open(vertx, platform.processes(), home, command());
    }

    /** The client that this daemon came with. */
    private static Path command() {
        return lib().resolveSibling("bin").resolve("bunctl");
    }

    private static Path lib() {
        return Path.of(System.getProperty("bunctl.lib", "/nonexistent/lib")).toAbsolutePath();
    }

    /** Puts a daemon together on the current event loop; completes when it serves. */
    static Future<Daemon> start(
            Vertx vertx,
            Platform platform,
            Path home,
            StateFile file,
            StateFile.Loaded loaded,
            Access.Loaded reached,
            DaemonIdentity identity) {
        LocalCodec.register(vertx.eventBus());
        StateStore store = new StateStore(
                file, loaded.state().inBoot(platform.bootId()), vertx.createSharedWorkerExecutor("bunctl-state", 1));
        Daemon daemon = new Daemon(vertx, platform, home, store, reached);
        store.onDurable(daemon.configurations::follow);
        Future<Void> followed = daemon.configurations.follow(store.state());
        ControlSetting setting = new ControlSetting(
                store,
                () -> {
                    List<String> warnings = new ArrayList<>(loaded.warnings());
                    warnings.addAll(daemon.configurations.warnings());
                    warnings.addAll(daemon.access.warnings());
                    daemon.audit.warning().ifPresent(warnings::add);
                    return warnings;
                },
                ProbeLeftovers.end(
                        platform.processes(), platform.processes().survivors(), here(vertx), CacheRenewal.KIND),
                platform,
                daemon.supervisors(),
                new DaemonLogs(home.resolve("logs"), daemon.logs.control()),
                daemon.access::answer,
                Clock.systemUTC(),
                identity,
                isRun(),
                daemon::finished,
                () -> daemon.ended.tryComplete(Ending.HANDED_OVER));
        if (isRun()) {
            RunTalk.begin(vertx, store, daemon.logs);
        }
        loaded.warnings().forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning));
        return Future.all(
                        followed, vertx.deployVerticle(new ControlVerticle(setting)), vertx.deployVerticle(daemon.edge))
                .compose(_ -> daemon.serve())
                .map(daemon);
    }

    /** Whether this daemon is that of {@code bunctl run}: it ends with its apps. */
    static boolean isRun() {
        return System.getenv(RUN) != null;
    }

    private void finished(int code) {
        exitCode = readerGone ? READER_GONE : code;
        ended.tryComplete(Ending.FINISHED);
    }

    /** The exit code of a daemon that has finished. */
    int exitCode() {
        return isRun() ? exitCode : 0;
    }

    private void readerGone() {
        if (!readerGone) {
            readerGone = true;
            terminate();
        }
    }

    private static Executor here(Vertx vertx) {
        Context context = vertx.getOrCreateContext();
        return task -> context.runOnContext(_ -> task.run());
    }

    private record Supervisors(Vertx vertx, SupervisorServices services) implements SupervisorFactory {
        @Override
        public SupervisorVerticle supervisorOf(Assignment assignment) {
            return new SupervisorVerticle(
                    services,
                    assignment.spec(),
                    assignment.number(),
                    assignment.running() ? Desired.RUNNING : Desired.STOPPED,
                    assignment.survivors());
        }

        @Override
        public Optional<String> unsharedPorts(AppSpec spec) {
            return services.planner().unsharedPorts(spec);
        }

        @Override
        public Future<Void> forget(String instance) {
            return vertx.executeBlocking(
                    () -> {
                        services.runtime().delete(instance);
                        return null;
                    },
                    false);
        }
    }

    private Supervisors supervisors() {
        Preload preload = Preload.install(home.resolve("run"), folders::scripts);
        SpawnPlanner planner = new SpawnPlanner(platform, preload);
        Channels channels = new AppChannels(vertx, platform, folders, listening.future());
        return new Supervisors(
                vertx,
                new SupervisorServices(
                        platform,
                        logs.collector(),
                        planner,
                        new RuntimeFiles(home.resolve("run")),
                        new DeclaredWatches(vertx, platform, planner, logs.reader(), home.resolve("logs"), channels),
                        channels,
                        new WatchedFiles(vertx, platform, home),
                        new SplittableRandom()));
    }

    private Future<Void> serve() {
        Context context = vertx.getOrCreateContext();
        platform.hostSignals().subscribe(task -> context.runOnContext(_ -> task.run()), this::requested);
        platform.onParentLost(task -> context.runOnContext(_ -> task.run()), this::orphaned);
        platform.answerLivenessOn(task -> context.runOnContext(_ -> task.run()));
        return access.begin()
                .compose(_ -> web.begin())
                .compose(_ -> server.listen(
                        SocketAddress.domainSocketAddress(socket(home).toString())))
                .onSuccess(_ -> platform.announceReady())
                .onSuccess(_ -> listening.complete())
                .onSuccess(_ -> cluster.begin())
                .onSuccess(_ -> renewCaches());
    }

    private void renewCaches() {
        if (!isRun()) {
            CacheRenewal.Taken.ofThisProcess()
                    .ifPresent(taken -> new CacheRenewal(vertx, platform.processes(), home, lib(), taken).begin());
        }
    }

    /** Where clients connect. */
    static Path socket(Path home) {
        return home.resolve("run").resolve("bunctl.sock");
    }

    private void requested(HostSignals.Request request) {
        LOG.log(System.Logger.Level.INFO, "asked by the host: {0}", request);
        switch (request) {
            case TERMINATE -> terminate();
            case REOPEN_LOGS ->
                logs.control()
                        .reopen()
                        .onFailure(cause -> LOG.log(System.Logger.Level.WARNING, "logs were not opened anew", cause));
            case REPLACE_DAEMON -> ended.tryComplete(Ending.HANDED_OVER);
        }
    }

    private void terminate() {
        DeliveryOptions options =
                new DeliveryOptions().setLocalOnly(true).setSendTimeout(TimeUnit.HOURS.toMillis(LONGEST_END_HOURS));
        vertx.eventBus()
                .request(InternalAddresses.CONTROL, new Command.Kill(), options)
                .onFailure(cause -> LOG.log(System.Logger.Level.ERROR, "the apps could not be stopped", cause));
    }

    /** Without the guard nothing can be started and no exit is certain. */
    private void orphaned() {
        LOG.log(System.Logger.Level.ERROR, "the guard is gone");
        ended.tryComplete(Ending.ORPHANED);
    }

    /** Blocks for a moment, so that is done off the event loop. */
    Future<Void> startGuard() {
        return vertx.executeBlocking(() -> {
            NextGuard.start(home);
            return null;
        });
    }

    /** Completes when the daemon is to end. */
    Future<Ending> ended() {
        return ended.future();
    }

    /**
     * Answers what is under way, writes what apps have said and, where its file was deleted, what is wanted, and closes
     * everything but the platform.
     */
    Future<Void> close() {
        configurations.close();
        boolean finished = ended.future().isComplete() && ended.future().result() == Ending.FINISHED;
        return edge.idle(!finished)
                .compose(_ -> InheritedSocketTransport.stopAccepting(vertx))
                .compose(_ -> Future.join(server.close(), access.close(), web.close(), cluster.close(finished)))
                .eventually(audit::close)
                .eventually(store::restore)
                .compose(_ -> logs.close().timeout(LOGS_CLOSE_SECONDS, TimeUnit.SECONDS))
                .eventually(
                        () -> ended.future().result() == Ending.FINISHED ? leaveNothing() : Future.succeededFuture())
                .eventually(() -> {
                    platform.fallSilent(); // an event loop that is closed hears nothing; the next daemon does
                    return vertx.close();
                });
    }

    private Future<Void> leaveNothing() {
        return vertx.executeBlocking(
                () -> {
                    folders.remove();
                    return null;
                },
                false);
    }
}
