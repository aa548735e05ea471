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
import dev.bunctl.verticles.log.InstanceLogs;
import dev.bunctl.verticles.log.LogReader;
import dev.bunctl.verticles.log.LogReader.LogCursor;
import dev.bunctl.verticles.log.LogRequest;
import dev.bunctl.verticles.log.LogResume;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
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
    private final Follows follows;
    private final NodeLogs nodes;

    /**
     * @param folder where the logs of apps are that name no place of their own
     * @param follows hears of instances that start later
     * @param nodes runs what is for other nodes
     */
    LogCommand(Inside inside, LogReader logs, Path folder, InstantSource clock, Follows follows, NodeLogs nodes) {
        this.inside = inside;
        this.logs = logs;
        this.folder = folder;
        this.clock = clock;
        this.follows = follows;
        this.nodes = nodes;
    }

    /** Completes with the reply, after the last line. */
    Future<JsonObject> run(
            Message<Object> message, CommandLine line, Request.ReadLogs read, Optional<Session> session) {
        Presentation how = line.presentation(read.view().json());
        if (session.isEmpty()) {
            return Future.succeededFuture(Reply.error(ErrorCode.INVALID, "session: needed for logs", how));
        }
        Command.Logs command = read.command(clock.instant(), line.zone());
        if (read.nodes().isPresent()) {
            return nodes.run(message, command, read.nodes().get(), read.view(), line, session.get());
        }
        return inside.ask(message, command, new Command.Describe(command.selection()))
                .compose(answer -> answer instanceof Answer.Description(List<Answer.AppDescription> apps, var _)
                        ? stream(filesOf(folder, apps), command, read.view(), line, session.get())
                        : Future.succeededFuture(Reply.of(Render.answer(answer, how))));
    }

    /** Completes with the lines in one answer. */
    Future<Answer> read(Message<Object> message, Command.Logs command) {
        if (command.query().follow()) {
            return Future.succeededFuture(new Answer.Refused(
                    ErrorCode.UNSUPPORTED, "new lines are published, not answered", Optional.empty()));
        }
        return inside.ask(message, command, new Command.Describe(command.selection()))
                .compose(answer -> answer instanceof Answer.Description(List<Answer.AppDescription> apps, var _)
                        ? lines(filesOf(folder, apps), command)
                        : Future.succeededFuture(answer));
    }

    private Future<Answer> lines(List<InstanceLogs> files, Command.Logs command) {
        try {
            return new LogLines(logs.open(LogRequest.of(files, command.query()))).read();
        } catch (PatternSyntaxException e) {
            return Future.succeededFuture(new Answer.Refused(ErrorCode.INVALID, notAnExpression(e), Optional.empty()));
        } catch (IllegalArgumentException e) {
            return Future.succeededFuture(
                    new Answer.Refused(ErrorCode.LIMIT, String.valueOf(e.getMessage()), Optional.empty()));
        }
    }

    static String notAnExpression(PatternSyntaxException e) {
        return "not a regular expression: " + e.getDescription() + " at " + e.getIndex();
    }

    /** The files of all instances of some apps. */
    static List<InstanceLogs> filesOf(Path folder, List<Answer.AppDescription> apps) {
        List<InstanceLogs> files = new ArrayList<>();
        for (Answer.AppDescription app : apps) {
            for (InstanceStatus instance : app.instances()) {
                files.add(InstanceLogs.of(folder, app.spec(), instance.instance()));
            }
        }
        return files;
    }

    private Future<JsonObject> stream(
            List<InstanceLogs> files, Command.Logs command, LogView view, CommandLine line, Session session) {
        LogQuery query = command.query();
        Command selected = new Command.Describe(command.selection());
        Presentation how = line.presentation(view.json());
        Optional<LogResume> resume;
        LogRequest request;
        try {
            LogRequest fresh = LogRequest.of(files, query);
            resume = line.resume().map(LogResume::of);
            request = resume.map(fresh::from).orElse(fresh);
        } catch (PatternSyntaxException e) {
            return Future.succeededFuture(Reply.error(ErrorCode.INVALID, notAnExpression(e), how));
        } catch (InvalidPathException e) {
            return Future.succeededFuture(Reply.error(ErrorCode.INVALID, "resume: " + e.getMessage(), how));
        } catch (IllegalArgumentException e) {
            return Future.succeededFuture(Reply.error(ErrorCode.LIMIT, String.valueOf(e.getMessage()), how));
        }
        LogText words = new LogText(view, how.colours(), false, line.zone());
        request.sources().forEach(words::add);
        LogCursor cursor = logs.open(request);
        Instant since = resume.map(LogResume::since).orElseGet(clock::instant);
        Optional<NewLogs> newcomers = Optional.empty();
        if (query.follow()) {
            session.makeResumable();
            newcomers = Optional.of(
                    new NewLogs(_ -> true, folder, query, since, () -> inside.ask(selected), cursor, words::add));
            newcomers.ifPresent(follows::add);
        }
        Optional<NewLogs> followed = newcomers;
        return new LogStream(new FileFeed(cursor, words, newcomers.map(_ -> since)), session)
                .reply()
                .onComplete(_ -> followed.ifPresent(follows::remove));
    }
}
