package dev.bunctl.cli.full;

import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.InstanceStatus;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.bridge.wire.FrameChannel;
import dev.bunctl.cli.thin.Caller;
import dev.bunctl.conf.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * {@code bunctl start}: decides what each word means, resolves it with the caller's rights and sends it. A daemon is started
 * only when there is something to start.
 */
final class StartCommand implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StartCommand.class.getName());
    private static final int MAX_TRIES = 5;

    private final Reach daemon;
    private final StartSources sources;
    private final Request.Start request;
    private final boolean somethingKnown;
    private final UnaryOperator<StartSources.Batch> adaptation;
    private @Nullable DaemonCall call;

    StartCommand(Reach daemon, Request.Start request) throws FailureException {
        this(daemon, request, true, UnaryOperator.identity());
    }

    private StartCommand(
            Reach daemon, Request.Start request, boolean somethingKnown, UnaryOperator<StartSources.Batch> adaptation)
            throws FailureException {
        this.daemon = daemon;
        this.request = request;
        this.sources = new StartSources(request);
        this.somethingKnown = somethingKnown;
        this.adaptation = adaptation;
    }

    /**
     * For a daemon that is new and knows no app.
     *
     * @param adaptation of what is started
     */
    static StartCommand ofNothingKnown(
            Reach daemon, Request.Start request, UnaryOperator<StartSources.Batch> adaptation) throws FailureException {
        return new StartCommand(daemon, request, false, adaptation);
    }

    /** Starts all that is asked for; what the daemon answers. */
    Answer run() throws FailureException {
        if (request.script().isPresent() || request.command().isPresent()) {
            return start(sources.commandLine(request.targets().stream().findFirst()));
        }
        if (request.targets().isEmpty()) {
            return start(sources.configuration());
        }
        if (request.targets().equals(List.of("all"))) {
            return everything();
        }
        return startTargets();
    }

    /** All apps that the daemon knows; where it knows none, all of the configuration. */
    private Answer everything() throws FailureException {
        return known().isEmpty() ? start(sources.configuration()) : startKnown(new Selection.All());
    }

    private Answer startTargets() throws FailureException {
        List<StartSources.Batch> batches = new ArrayList<>();
        List<String> known = new ArrayList<>();
        for (String target : request.targets()) {
            switch (sources.meaningOf(target)) {
                case SCRIPT -> batches.add(sources.script(target));
                case STANDARD_INPUT -> batches.add(sources.standardInput());
                case CONFIGURATION -> batches.add(sources.configuration(target));
                case NAME -> {
                    if (request.config().isEmpty() && known().contains(target)) {
                        known.add(target);
                    } else {
                        batches.add(sources.fromConfiguration(target));
                    }
                }
            }
        }
        List<Answer> answers = new ArrayList<>();
        if (!known.isEmpty()) {
            answers.add(startKnown(new Selection.Named(known)));
        }
        for (StartSources.Batch batch : joined(batches)) {
            answers.add(start(batch));
        }
        return merged(answers);
    }

    /** What comes from one configuration is started together. */
    private static List<StartSources.Batch> joined(List<StartSources.Batch> batches) {
        Map<Optional<Origin>, StartSources.Batch> byOrigin = new LinkedHashMap<>();
        for (StartSources.Batch batch : batches) {
            byOrigin.merge(batch.origin(), batch, StartSources.Batch::and);
        }
        return List.copyOf(byOrigin.values());
    }

    private Answer start(StartSources.Batch declared) throws FailureException {
        StartSources.Batch batch = adaptation.apply(declared);
        FrameBudget.check(batch.specs());
        Command.Start start =
                new Command.Start(batch.specs(), request.untilReady(), request.updateEnvironment(), batch.origin());
        Answer answer = somethingKnown ? ask(start) : askAgainWhenLost(start);
        return Warnings.before(answer, sources.takeWarnings());
    }

    private Answer startKnown(Selection selection) throws FailureException {
        if (sources.hasOverrides()) {
            throw new FailureException(
                    ErrorCode.USAGE,
                    "options such as --instances and --env go with a script or a configuration, not with a known app",
                    "delete the app first, or start it with its script or --config");
        }
        if (request.updateEnvironment()) {
            return ask(new Command.Restart(
                    selection, request.untilReady(), OptionalInt.empty(), Optional.of(Caller.environment())));
        }
        return ask(new Command.StartKnown(selection, request.untilReady()));
    }

    private static Answer merged(List<Answer> answers) {
        Answer all = answers.getFirst();
        for (Answer next : answers.subList(1, answers.size())) {
            if (all instanceof Answer.Changed a && next instanceof Answer.Changed b) {
                all = new Answer.Changed(
                        joined(a.results(), b.results()),
                        joined(a.instances(), b.instances()),
                        joined(a.warnings(), b.warnings()));
            } else if (all instanceof Answer.Changed) {
                all = next;
            }
        }
        return all;
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /** Every word by which the daemon knows an app. A daemon that never ran here knows none. */
    private Set<String> known() throws FailureException {
        if (!somethingKnown) {
            return Set.of();
        }
        DaemonCall asked = call;
        if (asked == null) {
            FrameChannel running = daemon.connectIfRunning();
            if (running != null) {
                asked = new DaemonCall(running, daemon.log());
                call = asked;
            } else if (!Files.exists(Path.of(Caller.home(), "state", "desired.json"))) {
                return Set.of();
            }
        }
        Set<String> words = new HashSet<>();
        if (ask(new Command.Status(new Selection.All())) instanceof Answer.Status status) {
            for (InstanceStatus instance : status.instances()) {
                words.add(instance.name());
                words.add(instance.name() + ":" + instance.instance());
                words.add(Integer.toString(instance.id()));
            }
        }
        return words;
    }

    private Answer ask(Command command) throws FailureException {
        DaemonCall open = call;
        if (open == null) {
            open = new DaemonCall(daemon.connect(), daemon.log());
            call = open;
        }
        return open.ask(command);
    }

    /** For a daemon that was new: whether or not it had started the apps, the next one comes to the same. */
    private Answer askAgainWhenLost(Command.Start start) throws FailureException {
        for (int tries = 1; ; tries++) {
            try {
                return ask(start);
            } catch (FailureException failure) {
                if (failure.code() != ErrorCode.DAEMON_LOST || tries == MAX_TRIES) {
                    throw failure;
                }
                hangUp();
            }
        }
    }

    private void hangUp() {
        DaemonCall lost = call;
        call = null;
        try {
            if (lost != null) {
                lost.close();
            }
        } catch (IOException broken) {
            LOG.log(System.Logger.Level.DEBUG, "a lost link", broken);
        }
    }

    @Override
    public void close() throws IOException {
        if (call != null) {
            call.close();
        }
    }
}
