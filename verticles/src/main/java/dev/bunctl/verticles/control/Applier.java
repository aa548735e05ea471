package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Answer.InstanceResult;
import dev.bunctl.bridge.message.Configuration;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.verticles.control.Application.Move;
import dev.bunctl.verticles.state.DesiredState;
import dev.bunctl.verticles.state.StateStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Plans and carries out what applying a configuration takes. */
final class Applier {
    private final Starter starter;
    private final Stopper stopper;
    private final Inspector inspector;

    Applier(Starter starter, Stopper stopper, Inspector inspector) {
        this.starter = starter;
        this.stopper = stopper;
        this.inspector = inspector;
    }

    /** What applying comes to. */
    sealed interface Verdict {
        /** It can be done. */
        record Accepted(Application application) implements Verdict {}

        /** Nothing changes. */
        record Rejected(Answer.Refused refusal) implements Verdict {}
    }

    /** What {@link #change} would do. */
    Answer plan(DesiredState state, Configuration configuration) {
        return switch (judge(state, configuration)) {
            case Verdict.Rejected(Answer.Refused refusal) -> refusal;
            case Verdict.Accepted(Application application) ->
                new Answer.Planned(application.steps(), application.warnings());
        };
    }

    StateStore.Change<Verdict> change(Configuration configuration) {
        return state -> {
            Verdict verdict = judge(state, configuration);
            return new StateStore.Outcome<>(
                    verdict instanceof Verdict.Accepted(Application application) ? application.next() : state, verdict);
        };
    }

    private Verdict judge(DesiredState state, Configuration configuration) {
        Optional<Answer.Refused> problem =
                problemOf(state, configuration).or(() -> inspector.unfit(configuration.specs()));
        if (problem.isPresent()) {
            return new Verdict.Rejected(problem.get());
        }
        Application application =
                Application.of(state, configuration.specs(), configuration.origin(), Set.copyOf(configuration.only()));
        List<Target> staying = application.moves().stream()
                .flatMap(move -> move.staying().stream())
                .toList();
        return Changes.problemOf(application.known(), staying)
                .<Verdict>map(Verdict.Rejected::new)
                .orElseGet(() -> new Verdict.Accepted(application));
    }

    private static Optional<Answer.Refused> problemOf(DesiredState state, Configuration configuration) {
        Set<String> names = new HashSet<>();
        for (AppSpec spec : configuration.specs()) {
            if (!names.add(spec.name().value())) {
                return refused(ErrorCode.INVALID, "app '" + spec.name() + "' is there twice");
            }
        }
        names.addAll(Application.owned(state, configuration.origin()));
        return configuration.only().stream()
                .filter(name -> !names.contains(name))
                .findFirst()
                .flatMap(name -> refused(
                        ErrorCode.UNKNOWN_APP,
                        "no app '" + name + "' in " + configuration.origin().file() + ", nor started from it"));
    }

    private static Optional<Answer.Refused> refused(ErrorCode code, String detail) {
        return Optional.of(new Answer.Refused(code, detail, Optional.empty()));
    }

    /** A result for each instance that is touched. Apps do not wait for each other, but new ones for those that leave. */
    List<Future<InstanceResult>> carryOut(List<Move> moves, boolean untilReady) {
        List<Future<InstanceResult>> results = new ArrayList<>();
        for (Move move : moves) {
            move.leaving().forEach(target -> results.add(stopper.delete(target)));
        }
        // What leaves may hold the port, or the file, of what comes: an app that was only given another name does.
        Future<?> left = results.isEmpty() ? Future.succeededFuture() : Future.join(List.copyOf(results));
        for (Move move : moves) {
            results.addAll(running(move, untilReady));
        }
        List<Target> fresh =
                moves.stream().flatMap(move -> move.fresh().stream()).toList();
        results.addAll(InOrder.later(
                fresh.size(),
                left.transform(_ -> Future.succeededFuture(starter.start(fresh, _ -> Novelty.NONE, untilReady)))));
        return results;
    }

    private List<Future<InstanceResult>> running(Move move, boolean untilReady) {
        return switch (move.action()) {
            case RELOAD ->
                Rolling.over(move.running().stream().map(starter::take).toList(), 1, starter::reload);
            case RESTART -> each(move, target -> starter.restart(starter.take(target), untilReady));
            case CHANGE_LIVE -> each(move, starter::change);
            case START, STOP, KEEP -> List.of();
        };
    }

    private static List<Future<InstanceResult>> each(Move move, Function<Target, Future<InstanceResult>> action) {
        return move.running().stream().map(action).toList();
    }
}
