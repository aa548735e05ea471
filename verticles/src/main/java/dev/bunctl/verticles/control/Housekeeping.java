package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.SnapshotName;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.verticles.state.DesiredApp;
import dev.bunctl.verticles.state.DesiredState;
import dev.bunctl.verticles.state.Intent;
import dev.bunctl.verticles.state.Snapshots;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Snapshots of what is wanted, and the change to another version. */
final class Housekeeping {
    private final Vertx vertx;
    private final ControlSetting setting;
    private final Snapshots snapshots;

    Housekeeping(Vertx vertx, ControlSetting setting) {
        this.vertx = vertx;
        this.setting = setting;
        this.snapshots = new Snapshots(setting.daemon().home());
    }

    Future<Answer> save(SnapshotName name, DesiredState state) {
        int count = state.apps().size();
        return vertx.executeBlocking(() -> {
            snapshots.save(name, state);
            String outcome = "saved with " + count + (count == 1 ? " app" : " apps");
            return new Answer.Changed(List.of(Results.done("snapshot " + name, outcome)), List.of(), List.of());
        });
    }

    /** Starts what a snapshot wants to run, by the given road. */
    Future<Answer> resurrect(SnapshotName name, Function<List<AppSpec>, Future<Answer>> start) {
        return vertx.executeBlocking(() -> snapshots.load(name))
                .map(loaded -> loaded.map(Housekeeping::running))
                .compose(
                        found -> found.isEmpty()
                                ? Future.succeededFuture(unknown(name))
                                : found.get().isEmpty()
                                        ? Future.succeededFuture(nothing(name))
                                        : start.apply(found.get()),
                        cause -> cause instanceof IllegalArgumentException || cause instanceof IOException
                                ? Future.succeededFuture(unreadable(name, cause))
                                : Future.failedFuture(cause));
    }

    private static List<AppSpec> running(DesiredState state) {
        return state.apps().values().stream()
                .filter(app -> app.instances().stream().anyMatch(one -> one.intent() == Intent.RUN))
                .map(DesiredApp::spec)
                .toList();
    }

    private static Answer unknown(SnapshotName name) {
        return new Answer.Refused(
                ErrorCode.NOT_FOUND,
                "there is no snapshot '" + name + "'",
                Optional.of("'bunctl save " + name + "' makes one"));
    }

    private static Answer nothing(SnapshotName name) {
        return new Answer.Changed(
                List.of(Results.done("snapshot " + name, "holds no app that was to run")), List.of(), List.of());
    }

    private static Answer unreadable(SnapshotName name, Throwable cause) {
        return new Answer.Refused(
                ErrorCode.INVALID,
                "the snapshot '" + name + "' cannot be read: " + cause.getMessage(),
                Optional.of("nothing was changed; the file is state/snapshots/" + name + ".json in the home"));
    }

    /** The guard becomes the new one, or nothing has changed. */
    Future<Answer> update(Command.Update command, Answer.Pong self) {
        Promise<Answer> answer = Promise.promise();
        Context context = vertx.getOrCreateContext();
        setting.platform()
                .replaceParent(
                        Path.of(command.program()),
                        task -> context.runOnContext(_ -> task.run()),
                        problem -> answer.complete(problem.<Answer>map(cause -> new Answer.Refused(
                                        ErrorCode.BROKEN,
                                        "the guard does not hand over: " + cause.detail(),
                                        Optional.of("nothing was changed, the version before runs on")))
                                .orElse(self)));
        return answer.future();
    }
}
