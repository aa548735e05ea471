package dev.bunctl.bridge.render;

import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.MessageCodec;
import dev.bunctl.bridge.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns an answer into what the command prints. */
public final class Render {
    private Render() {}

    /** An answer of the daemon. A refusal goes to stderr in every form; with JSON also to stdout. */
    public static Rendered answer(Answer answer, Presentation how) {
        if (how.json()) {
            return new Rendered(json(answer), talk(answer, how), exitCode(answer));
        }
        String out = switch (answer) {
            case Answer.Pong pong -> pong(pong);
            case Answer.Status status -> ProcessTable.render(status.instances(), how);
            case Answer.Description(var apps, var warnings) -> DescribeView.render(apps, how);
            case Answer.History(var crashes) -> HistoryView.render(crashes, how);
            case Answer.Changed changed ->
                changed.instances().isEmpty() ? "" : ProcessTable.render(changed.instances(), how);
            case Answer.Planned planned -> PlanView.render(planned, how);
            case Answer.Tokens(var tokens) -> AccessView.tokens(tokens, how);
            case Answer.TokenMade(var _, var text) -> text + "\n";
            case Answer.Listening listening -> AccessView.listening(listening, how);
            case Answer.Web web -> web.url().map(text -> text + "\n").orElse("");
            case Answer.Nodes nodes -> NodesView.nodes(nodes, how);
            case Answer.OfNodes(var answers) -> NodesView.answers(answers, how);
            case Answer.UsageHistory _, Answer.RecentEvents _, Answer.LogLines _, Answer.LogBatch _, Answer.Refused _ ->
                "";
        };
        return new Rendered(out, talk(answer, how), exitCode(answer));
    }

    /** A command line that made no sense. */
    public static Rendered rejected(Request.Rejected rejected, Presentation how) {
        return error(ErrorCode.USAGE, rejected.message(), rejected.hint(), how);
    }

    /** A failure: what happened, and what to do about it. */
    public static Rendered error(ErrorCode code, String detail, Optional<String> hint, Presentation how) {
        return answer(new Answer.Refused(code, detail, hint), how);
    }

    /** Warnings for stderr, a line each. */
    public static String warnings(List<String> warnings, Presentation how) {
        StringBuilder err = new StringBuilder();
        warn(err, warnings, how);
        return err.toString();
    }

    /** A line that another program wrote, for stderr. */
    public static String quoted(String line) {
        return "  | " + Text.clean(line) + "\n";
    }

    /** A heading on stdout. */
    public static String title(String text, Presentation how) {
        return Paint.BOLD.on(Text.clean(text), how) + "\n";
    }

    /** The exit code that an answer ends a command with. */
    public static int exitCode(Answer answer) {
        return switch (answer) {
            case Answer.Pong pong -> 0;
            case Answer.Status status -> 0;
            case Answer.Description description -> 0;
            case Answer.History history -> 0;
            case Answer.Changed changed -> changed.succeeded() ? 0 : ErrorCode.APP_FAILED.exitCode();
            case Answer.Planned planned -> 0;
            case Answer.Tokens tokens -> 0;
            case Answer.TokenMade made -> 0;
            case Answer.Listening listening -> listening.problem().isPresent() ? ErrorCode.APP_FAILED.exitCode() : 0;
            case Answer.UsageHistory history -> 0;
            case Answer.RecentEvents recent -> 0;
            case Answer.LogLines lines -> 0;
            case Answer.LogBatch batch -> 0;
            case Answer.Web web -> 0;
            case Answer.Nodes nodes ->
                nodes.problem().isPresent() && nodes.nodes().isEmpty() ? ErrorCode.UNREACHABLE.exitCode() : 0;
            case Answer.OfNodes(var answers) -> NodesView.exitCode(answers);
            case Answer.Refused refused -> refused.code().exitCode();
        };
    }

    /** The body of the public address, without the name that only programs on the bus need. */
    private static String json(Answer answer) {
        Map<String, @Nullable Object> body = MessageCodec.toMap(answer);
        body.remove("answer");
        if (answer instanceof Answer.Status status && status.warnings().isEmpty()) {
            body.remove("warnings");
        }
        return Json.write(body) + "\n";
    }

    private static String talk(Answer answer, Presentation how) {
        StringBuilder err = new StringBuilder();
        switch (answer) {
            case Answer.Pong pong -> {}
            case Answer.Description description -> warn(err, description.warnings(), how);
            case Answer.History history -> {}
            case Answer.UsageHistory history -> {}
            case Answer.RecentEvents recent -> {}
            case Answer.LogLines lines -> {}
            case Answer.LogBatch batch -> {}
            case Answer.Web web -> err.append(AccessView.besides(web));
            case Answer.Nodes nodes -> warn(err, nodes.problem().stream().toList(), how);
            case Answer.OfNodes(var answers) -> err.append(NodesView.talk(answers, how));
            case Answer.Status status -> warn(err, status.warnings(), how);
            case Answer.Changed changed -> {
                changed.results().forEach(result -> result(err, result, how));
                warn(err, changed.warnings(), how);
            }
            case Answer.Planned planned -> warn(err, planned.warnings(), how);
            case Answer.Tokens tokens -> {}
            case Answer.TokenMade(var token, var _) -> err.append(AccessView.made(token));
            case Answer.Listening listening ->
                warn(err, listening.problem().stream().toList(), how);
            case Answer.Refused(ErrorCode code, String detail, Optional<String> hint) -> {
                err.append(Paint.RED.on("bunctl:", how)).append(' ').append(Text.clean(detail));
                err.append('\n');
                hint.ifPresent(
                        text -> err.append("hint: ").append(Text.clean(text)).append('\n'));
            }
        }
        return err.toString();
    }

    private static void warn(StringBuilder err, List<String> warnings, Presentation how) {
        for (String warning : warnings) {
            err.append(Paint.YELLOW.on("warning:", how)).append(' ');
            err.append(Text.clean(warning)).append('\n');
        }
    }

    private static void result(StringBuilder err, Answer.InstanceResult result, Presentation how) {
        String instance = Text.clean(result.instance());
        String outcome = Text.clean(result.outcome());
        if (result.succeeded()) {
            err.append(instance).append(": ").append(outcome).append('\n');
            return;
        }
        err.append(Paint.RED.on("bunctl:", how)).append(' ').append(instance);
        err.append(": ").append(outcome).append('\n');
        if (!result.lastLines().isEmpty()) {
            err.append("  the last lines of its stderr:\n");
            result.lastLines()
                    .forEach(line -> err.append("  | ").append(Text.clean(line)).append('\n'));
        }
    }

    private static String pong(Answer.Pong pong) {
        return "pong: bunctl " + pong.version() + ", daemon " + pong.daemonPid() + ", guard " + pong.guardPid()
                + ", up " + Quantities.time(pong.uptimeMillis()) + ", home " + Text.clean(pong.home()) + "\n";
    }
}
