package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Answer.InstanceResult;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.verticles.state.DesiredState;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Carries out what is asked of log files. Nothing that should run is changed by it. */
final class LogKeeping {
    private final AppLogs logs;
    private final Supplier<DesiredState> wanted;

    LogKeeping(AppLogs logs, Supplier<DesiredState> wanted) {
        this.logs = logs;
        this.wanted = wanted;
    }

    Future<Answer> flush(Selection selection) {
        return each(
                selection,
                "logs emptied",
                target -> logs.flush(target.spec(), target.instance().number()));
    }

    Future<Answer> rotate(Selection selection) {
        return each(
                selection,
                "logs put aside",
                target -> logs.rotate(target.spec(), target.instance().number()));
    }

    Future<Answer> reopen() {
        return logs.reopen()
                .<Answer>map(new Answer.Changed(List.of(), List.of(), List.of()))
                .otherwise(cause -> new Answer.Refused(
                        ErrorCode.INTERNAL, "the logs could not be opened anew: " + cause, Optional.empty()));
    }

    private Future<Answer> each(Selection selection, String outcome, Function<Target, Future<Void>> deed) {
        return switch (Choice.of(wanted.get(), selection)) {
            case Choice.Unknown(Answer.Refused refusal) -> Future.succeededFuture(refusal);
            case Choice.Chosen(List<Target> targets) -> all(targets, outcome, deed);
        };
    }

    private static Future<Answer> all(List<Target> targets, String outcome, Function<Target, Future<Void>> deed) {
        List<Future<InstanceResult>> results = new ArrayList<>();
        for (Target target : targets) {
            String name = target.name();
            results.add(deed.apply(target)
                    .map(Results.done(name, outcome))
                    .otherwise(cause -> Results.failed(name, String.valueOf(cause.getMessage()))));
        }
        return Future.all(results).map(done -> new Answer.Changed(done.list(), List.of(), List.of()));
    }
}
