package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.command.Completion;
import dev.bunctl.bridge.command.Grammar;
import dev.bunctl.bridge.command.Help;
import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.InstanceStatus;
import dev.bunctl.bridge.message.LogQuery;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Render;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.bridge.server.Peer;
import dev.bunctl.verticles.log.InstanceLogs;
import dev.bunctl.verticles.log.LogReader;
import dev.bunctl.verticles.log.LogRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/** Runs command lines: parses them, asks inside, and renders what comes back. */
final class CommandLines {
    private final EventBus bus;
    private final Inside inside;
    private final Sessions sessions;
    private final LogReader logs;
    private final Path logFolder;
    private final String version;

    CommandLines(EventBus bus, Inside inside, Sessions sessions, LogReader logs, Path logFolder, String version) {
        this.bus = bus;
        this.inside = inside;
        this.sessions = sessions;
        this.logs = logs;
        this.logFolder = logFolder;
        this.version = version;
    }

    /** Runs the command line in a message; completes with the reply. */
    Future<JsonObject> run(Message<Object> message) {
        CommandLine line;
        try {
            line = CommandLine.read(message.body());
        } catch (IllegalArgumentException e) {
            return Future.succeededFuture(
                    Reply.error(ErrorCode.INVALID, String.valueOf(e.getMessage()), Presentation.PLAIN));
        }
        if (line.session().isEmpty()) {
            return run(message, line, Optional.empty());
        }
        String connection = message.headers().get(Peer.CONNECTION);
        Optional<Session> opened = connection == null
                ? Optional.empty()
                : sessions.open(line.session().get(), connection, bus);
        if (opened.isEmpty()) {
            String detail = "the session is taken, or there are more than " + Sessions.MAX_PER_CONNECTION;
            return Future.succeededFuture(Reply.error(ErrorCode.LIMIT, detail, line.presentation(false)));
        }
        Session session = opened.get();
        return cancellable(session, run(message, line, opened)).onComplete(_ -> sessions.end(session));
    }

    private static Future<JsonObject> cancellable(Session session, Future<JsonObject> reply) {
        Promise<JsonObject> first = Promise.promise();
        reply.onComplete(result -> {
            if (result.succeeded()) {
                first.tryComplete(result.result());
            } else {
                first.tryFail(result.cause());
            }
        });
        session.cancelled().onComplete(_ -> first.tryComplete(Reply.of(new Rendered("", "", Reply.CANCELLED))));
        return first.future();
    }

    private Future<JsonObject> run(Message<Object> message, CommandLine line, Optional<Session> session) {
        Request request = Grammar.parse(line.argv(), line.stdoutIsTerminal());
        Presentation plain = line.presentation(false);
        return switch (request) {
            case Request.Ask ask -> ask(message, line, ask, session);
            case Request.Rejected rejected -> Future.succeededFuture(Reply.of(Render.rejected(rejected, plain)));
            case Request.ShowHelp(var command) -> said(command.map(Help::of).orElseGet(Help::overall));
            case Request.ShowVersion() -> said(version + "\n");
            case Request.ShowCompletion(var shell) -> said(Completion.script(shell));
            case Request.Local _ ->
                Future.succeededFuture(Reply.error(
                        ErrorCode.USAGE,
                        "'" + line.argv().getFirst() + "' is done by the bunctl command, not by the daemon",
                        "it reads files with the rights of its caller, which the daemon has not",
                        plain));
        };
    }

    private static Future<JsonObject> said(String text) {
        return Future.succeededFuture(Reply.of(new Rendered(text, "", 0)));
    }

    private Future<JsonObject> ask(
            Message<Object> message, CommandLine line, Request.Ask ask, Optional<Session> session) {
        Presentation how = line.presentation(ask.json());
        Command command = ask.command();
        if (command instanceof Command.Restart restart && ask.updateEnvironment()) {
            if (line.environment().isEmpty()) {
                return Future.succeededFuture(
                        Reply.error(ErrorCode.INVALID, "environment: needed for --update-env", how));
            }
            command = new Command.Restart(restart.selection(), restart.untilReady(), line.environment());
        }
        if (command instanceof Command.Logs query) {
            return logs(message, query, how, session);
        }
        return inside.ask(message, command).map(answer -> Reply.of(Render.answer(answer, how)));
    }

    private Future<JsonObject> logs(
            Message<Object> message, Command.Logs command, Presentation how, Optional<Session> session) {
        if (session.isEmpty()) {
            return Future.succeededFuture(Reply.error(ErrorCode.INVALID, "session: needed for logs", how));
        }
        return inside.ask(message, new Command.Describe(command.selection())).compose(answer -> switch (answer) {
            case Answer.Description(List<Answer.AppDescription> apps) ->
                stream(apps, command.query(), how, session.get());
            case Answer.Refused refused -> Future.succeededFuture(Reply.of(Render.answer(refused, how)));
            case Answer.Pong _, Answer.Status _, Answer.Changed _ ->
                Future.failedFuture(new IllegalStateException("a description was asked for"));
        });
    }

    private Future<JsonObject> stream(
            List<Answer.AppDescription> apps, LogQuery query, Presentation how, Session session) {
        List<InstanceLogs> files = new ArrayList<>();
        for (Answer.AppDescription app : apps) {
            for (InstanceStatus instance : app.instances()) {
                files.add(InstanceLogs.of(logFolder, app.spec(), instance.instance()));
            }
        }
        LogRequest request;
        try {
            request = LogRequest.of(files, query);
        } catch (PatternSyntaxException e) {
            return Future.succeededFuture(Reply.error(
                    ErrorCode.INVALID, "not a regular expression: " + e.getDescription() + " at " + e.getIndex(), how));
        } catch (IllegalArgumentException e) {
            return Future.succeededFuture(Reply.error(ErrorCode.LIMIT, String.valueOf(e.getMessage()), how));
        }
        LogText words = new LogText(request.sources(), how.json(), how.colours());
        return new LogStream(logs.open(request), session, words)
                .run()
                .map(Reply.of(new Rendered("", "", 0)))
                .recover(cause -> session.cancelled().isComplete()
                        ? Future.succeededFuture(Reply.of(new Rendered("", "", Reply.CANCELLED)))
                        : Future.failedFuture(cause));
    }
}
