package dev.bunctl.verticles.main;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.InstanceStatus;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.os.api.Signal;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.verticles.access.Access;
import dev.bunctl.verticles.control.ControlSetting.DaemonIdentity;
import dev.bunctl.verticles.internal.InstanceEvent;
import dev.bunctl.verticles.internal.InternalAddresses;
import dev.bunctl.verticles.state.StateFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A whole daemon in this JVM, on a pretended platform. */
public final class TestDaemon {
    private static final long PATIENCE_SECONDS = 60;

    private final Path home;
    private final FakePlatform platform;
    private final Vertx vertx;
    private final Daemon daemon;
    private final List<InstanceEvent> events = new ArrayList<>();
    private final List<Awaited> awaited = new ArrayList<>();

    private record Awaited(Predicate<InstanceEvent> condition, CompletableFuture<InstanceEvent> come) {}

    private TestDaemon(Path home, FakePlatform platform, StateFile file) throws Exception {
        this.home = home;
        this.platform = platform;
        platform.processes().programsDieOf(Signal.INT, Signal.TERM);
        var _ = Files.createDirectories(home.resolve("run"));
        vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true))
                .build();
        vertx.eventBus().<InstanceEvent>localConsumer(InternalAddresses.EVENTS, message -> heard(message.body()));
        StateFile.Loaded loaded = file.load(platform.bootId());
        DaemonIdentity identity = new DaemonIdentity(1, 2, "test", home, Instant.now());
        CompletableFuture<Daemon> started = new CompletableFuture<>();
        vertx.runOnContext(_ -> Daemon.start(vertx, platform, home, file, loaded, Access.load(home), identity)
                .onSuccess(started::complete)
                .onFailure(started::completeExceptionally));
        daemon = started.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    public static TestDaemon start(Path home, FakePlatform platform) throws Exception {
        return new TestDaemon(home, platform, new StateFile(home, Clock.systemUTC()));
    }

    /** The next daemon of the same home, after this one was killed: processes run on. */
    public TestDaemon successor() throws Exception {
        close();
        return start(home, platform.successor());
    }

    public FakePlatform platform() {
        return platform;
    }

    public Path socket() {
        return Daemon.socket(home);
    }

    private synchronized void heard(InstanceEvent event) {
        events.add(event);
        for (Awaited each : List.copyOf(awaited)) {
            if (each.condition.test(event)) {
                awaited.remove(each);
                each.come.complete(event);
            }
        }
    }

    /** Waits for an event of this type about this instance, which may have come already. */
    @CanIgnoreReturnValue
    public InstanceEvent event(String instance, String type) throws Exception {
        Predicate<InstanceEvent> condition = event ->
                event.type().equals(type) && event.snapshot().instance().equals(instance);
        CompletableFuture<InstanceEvent> come = new CompletableFuture<>();
        synchronized (this) {
            for (InstanceEvent event : events) {
                if (condition.test(event)) {
                    return event;
                }
            }
            awaited.add(new Awaited(condition, come));
        }
        return come.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Forgets the events so far, so that {@link #event} waits for the next. */
    public synchronized void forgetEvents() {
        events.clear();
    }

    /** The instances that this has happened to, in that order. */
    public synchronized List<String> instancesOf(String type) {
        return events.stream()
                .filter(event -> event.type().equals(type))
                .map(event -> event.snapshot().instance())
                .toList();
    }

    /** Asks without waiting for the answer. */
    public CompletableFuture<Answer> asking(Command command) {
        DeliveryOptions options = new DeliveryOptions().setSendTimeout(TimeUnit.MINUTES.toMillis(1));
        Future<Answer> answer = vertx.eventBus()
                .<Answer>request(InternalAddresses.CONTROL, command, options)
                .map(Message::body);
        return answer.toCompletionStage().toCompletableFuture();
    }

    @CanIgnoreReturnValue
    public Answer ask(Command command) throws Exception {
        return asking(command).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @CanIgnoreReturnValue
    public Answer.Changed change(Command command) throws Exception {
        Answer answer = ask(command);
        if (answer instanceof Answer.Changed changed) {
            return changed;
        }
        throw new AssertionError("not changed: " + answer);
    }

    public Answer.Refused refused(Command command) throws Exception {
        Answer answer = ask(command);
        if (answer instanceof Answer.Refused refused) {
            return refused;
        }
        throw new AssertionError("not refused: " + answer);
    }

    public Answer.Status status() throws Exception {
        Answer answer = ask(new Command.Status(new Selection.All()));
        if (answer instanceof Answer.Status status) {
            return status;
        }
        throw new AssertionError("no status: " + answer);
    }

    /** What each instance does, such as {@code api:0 online}. */
    public List<String> states() throws Exception {
        return status().instances().stream()
                .map(one ->
                        one.name() + ":" + one.instance() + " " + one.state().wireName())
                .toList();
    }

    public InstanceStatus only() throws Exception {
        return status().instances().getFirst();
    }

    /** Whether the daemon was asked to end, by whomever. */
    public boolean ended() {
        return daemon.ended().isComplete();
    }

    /** Waits until the daemon is to end, and says how. */
    Daemon.Ending ending() throws Exception {
        return daemon.ended().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Ends the daemon as a kill would: nothing is told to any process. */
    public void close() throws Exception {
        daemon.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
