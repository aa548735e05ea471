package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.command.Completion;
import dev.bunctl.bridge.command.Grammar;
import dev.bunctl.bridge.command.Help;
import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Render;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.bridge.server.Peer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Runs command lines: parses them, asks inside, and renders what comes back. */
final class CommandLines {
    private final EventBus bus;
    private final Inside inside;
    private final Sessions sessions;
    private final LogCommand logs;
    private final String version;

    CommandLines(EventBus bus, Inside inside, Sessions sessions, LogCommand logs, String version) {
        this.bus = bus;
        this.inside = inside;
        this.sessions = sessions;
        this.logs = logs;
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
            case Request.Ask ask -> ask(message, line, ask);
            case Request.ReadLogs read -> logs.run(message, line, read, session);
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

    private Future<JsonObject> ask(Message<Object> message, CommandLine line, Request.Ask ask) {
        Presentation how = line.presentation(ask.json());
        Command command = ask.command();
        if (command instanceof Command.Restart restart && ask.updateEnvironment()) {
            if (line.environment().isEmpty()) {
                return Future.succeededFuture(
                        Reply.error(ErrorCode.INVALID, "environment: needed for --update-env", how));
            }
            command = restart.inEnvironment(line.environment().get());
        }
        return inside.ask(message, command).map(answer -> Reply.of(Render.answer(answer, how)));
    }
}
