package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.command.LogView;
import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.InstanceStatus;
import dev.bunctl.bridge.message.LogQuery;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Render;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.verticles.log.InstanceLogs;
import dev.bunctl.verticles.log.LogReader;
import dev.bunctl.verticles.log.LogRequest;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/** Runs {@code logs}: finds the files of the apps and streams their lines into a session. */
final class LogCommand {
    private final Inside inside;
    private final LogReader logs;
    private final Path folder;
    private final InstantSource clock;

    /** @param folder where the logs of apps are that name no place of their own */
    LogCommand(Inside inside, LogReader logs, Path folder, InstantSource clock) {
        this.inside = inside;
        this.logs = logs;
        this.folder = folder;
        this.clock = clock;
    }

    /** Completes with the reply, after the last line. */
    Future<JsonObject> run(
            Message<Object> message, CommandLine line, Request.ReadLogs read, Optional<Session> session) {
        Presentation how = line.presentation(read.view().json());
        if (session.isEmpty()) {
            return Future.succeededFuture(Reply.error(ErrorCode.INVALID, "session: needed for logs", how));
        }
        Command.Logs command = read.command(clock.instant(), line.zone());
        return inside.ask(message, new Command.Describe(command.selection())).compose(answer -> switch (answer) {
            case Answer.Description(List<Answer.AppDescription> apps, var _) ->
                stream(filesOf(apps), command.query(), read.view(), line, session.get());
            case Answer.Refused refused -> Future.succeededFuture(Reply.of(Render.answer(refused, how)));
            case Answer.Pong _, Answer.Status _, Answer.Changed _, Answer.Planned _ ->
                Future.failedFuture(new IllegalStateException("a description was asked for"));
        });
    }

    private List<InstanceLogs> filesOf(List<Answer.AppDescription> apps) {
        List<InstanceLogs> files = new ArrayList<>();
        for (Answer.AppDescription app : apps) {
            for (InstanceStatus instance : app.instances()) {
                files.add(InstanceLogs.of(folder, app.spec(), instance.instance()));
            }
        }
        return files;
    }

    private Future<JsonObject> stream(
            List<InstanceLogs> files, LogQuery query, LogView view, CommandLine line, Session session) {
        Presentation how = line.presentation(view.json());
        LogRequest request;
        try {
            request = LogRequest.of(files, query);
        } catch (PatternSyntaxException e) {
            return Future.succeededFuture(Reply.error(
                    ErrorCode.INVALID, "not a regular expression: " + e.getDescription() + " at " + e.getIndex(), how));
        } catch (IllegalArgumentException e) {
            return Future.succeededFuture(Reply.error(ErrorCode.LIMIT, String.valueOf(e.getMessage()), how));
        }
        LogText words = new LogText(request.sources(), view, how.colours(), line.zone());
        return new LogStream(logs.open(request), session, words)
                .run()
                .map(Reply.of(new Rendered("", "", 0)))
                .recover(cause -> session.cancelled().isComplete()
                        ? Future.succeededFuture(Reply.of(new Rendered("", "", Reply.CANCELLED)))
                        : Future.failedFuture(cause));
    }
}
