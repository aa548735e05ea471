package dev.bunctl.bridge.message;

import dev.bunctl.conf.codec.AppSpecCodec;
import dev.bunctl.conf.plan.SpecFields;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON of answers. */
final class AnswerCodec {
    private AnswerCodec() {}

    static Map<String, @Nullable Object> toMap(Answer answer) {
        return switch (answer) {
            case Answer.Pong pong -> pong(pong);
            case Answer.Status status -> status(status);
            case Answer.Description(List<Answer.AppDescription> apps, List<String> warnings) -> {
                Map<String, @Nullable Object> body = named("description");
                body.put("apps", apps.stream().map(AnswerCodec::description).toList());
                body.put("warnings", warnings);
                yield body;
            }
            case Answer.History(List<CrashRecord> crashes) -> {
                Map<String, @Nullable Object> body = named("history");
                body.put("crashes", crashes.stream().map(AnswerCodec::crash).toList());
                yield body;
            }
            case Answer.UsageHistory history -> {
                Map<String, @Nullable Object> body = named("usage_history");
                RecentCodec.put(history, body);
                yield body;
            }
            case Answer.RecentEvents recent -> {
                Map<String, @Nullable Object> body = named("recent_events");
                RecentCodec.put(recent, body);
                yield body;
            }
            case Answer.LogLines lines -> {
                Map<String, @Nullable Object> body = named("log_lines");
                RecentCodec.put(lines, body);
                yield body;
            }
            case Answer.LogBatch batch -> {
                Map<String, @Nullable Object> body = named("log_batch");
                LogReadingCodec.put(batch, body);
                yield body;
            }
            case Answer.Web web -> {
                Map<String, @Nullable Object> body = named("web");
                AccessCodec.put(web, body);
                yield body;
            }
            case Answer.Changed changed -> {
                Map<String, @Nullable Object> body = named("changed");
                body.put(
                        "results",
                        changed.results().stream().map(AnswerCodec::result).toList());
                body.put(
                        "apps",
                        changed.instances().stream().map(StatusCodec::status).toList());
                body.put("warnings", changed.warnings());
                yield body;
            }
            case Answer.Planned planned -> {
                Map<String, @Nullable Object> body = named("planned");
                body.put("changes", !planned.isEmpty());
                body.put(
                        "steps",
                        planned.steps().stream().map(ConfigurationCodec::toMap).toList());
                body.put("warnings", planned.warnings());
                yield body;
            }
            case Answer.Tokens(List<TokenEntry> tokens) -> {
                Map<String, @Nullable Object> body = named("tokens");
                body.put("tokens", tokens.stream().map(AccessCodec::toMap).toList());
                yield body;
            }
            case Answer.TokenMade(TokenEntry token, String text) -> {
                Map<String, @Nullable Object> body = named("token_made");
                body.putAll(AccessCodec.toMap(token));
                body.put("token", text);
                yield body;
            }
            case Answer.Listening listening -> {
                Map<String, @Nullable Object> body = named("listening");
                AccessCodec.put(listening, body);
                yield body;
            }
            case Answer.Nodes nodes -> {
                Map<String, @Nullable Object> body = named("nodes");
                ClusterCodec.put(nodes, body);
                yield body;
            }
            case Answer.OfNodes(List<NodeAnswer> answers) -> {
                Map<String, @Nullable Object> body = named("of_nodes");
                body.put("nodes", answers.stream().map(ClusterCodec::toMap).toList());
                yield body;
            }
            case Answer.Refused(ErrorCode code, String detail, Optional<String> hint) -> {
                Map<String, @Nullable Object> body = named("refused");
                body.put("code", code.name());
                body.put("detail", detail);
                body.put("hint", hint.orElse(null));
                yield body;
            }
        };
    }

    private static Map<String, @Nullable Object> named(String name) {
        Map<String, @Nullable Object> body = MessageCodec.versionedObject();
        body.put("answer", name);
        return body;
    }

    private static Map<String, @Nullable Object> status(Answer.Status status) {
        Map<String, @Nullable Object> body = named("status");
        body.put("apps", status.instances().stream().map(StatusCodec::status).toList());
        body.put("warnings", status.warnings());
        if (!status.capabilities().isEmpty()) {
            body.put(
                    "capabilities",
                    status.capabilities().stream().map(AccountingCodec::toMap).toList());
        }
        return body;
    }

    private static Map<String, @Nullable Object> pong(Answer.Pong pong) {
        Map<String, @Nullable Object> body = named("pong");
        body.put("daemon_pid", pong.daemonPid());
        body.put("guard_pid", pong.guardPid());
        body.put("daemon_version", pong.version());
        body.put("uptime_ms", pong.uptimeMillis());
        body.put("home", pong.home());
        return body;
    }

    private static Map<String, @Nullable Object> description(Answer.AppDescription app) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("spec", AppSpecCodec.toMap(app.spec()));
        body.put("instances", app.instances().stream().map(StatusCodec::status).toList());
        body.put("crashes", app.crashes().stream().map(AnswerCodec::crash).toList());
        body.put("usage", app.usage().stream().map(AccountingCodec::toMap).toList());
        app.origin().ifPresent(origin -> body.put("origin", ConfigurationCodec.toMap(origin)));
        // Told for readers that do not know which field a part of the specification belongs to; read from the
        // specification.
        body.put(
                "configuration",
                SpecFields.sourced(app.spec()).stream()
                        .map(AnswerCodec::sourced)
                        .toList());
        return body;
    }

    private static Map<String, @Nullable Object> sourced(SpecFields.Sourced value) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("field", value.field());
        body.put("value", value.value());
        body.put("source", value.source());
        return body;
    }

    private static Map<String, @Nullable Object> crash(CrashRecord crash) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("at", crash.at().toString());
        body.put("instance", crash.instance());
        body.put("generation", (long) crash.generation());
        body.put("pid", crash.pid());
        body.put("kind", Names.wireName(crash.kind()));
        body.put("cause", crash.cause());
        body.put(
                "exit_code",
                crash.exitCode().isPresent() ? (long) crash.exitCode().getAsInt() : null);
        body.put("signal", crash.signal().orElse(null));
        body.put("uptime_ms", crash.uptime().toMillis());
        body.put("decision", crash.decision());
        body.put("last_lines", crash.lastLines());
        return body;
    }

    private static Map<String, @Nullable Object> result(Answer.InstanceResult result) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("instance", result.instance());
        body.put("succeeded", result.succeeded());
        body.put("outcome", result.outcome());
        body.put("last_lines", result.lastLines());
        return body;
    }

    static Answer read(Fields fields) throws MalformedMessageException {
        String name = fields.text("answer");
        return switch (name) {
            case "pong" ->
                new Answer.Pong(
                        fields.whole("daemon_pid"),
                        fields.whole("guard_pid"),
                        fields.text("daemon_version"),
                        fields.whole("uptime_ms"),
                        fields.text("home"));
            case "status" ->
                new Answer.Status(
                        fields.list("apps", StatusCodec::readStatus),
                        fields.texts("warnings"),
                        fields.list("capabilities", AccountingCodec::readCapability));
            case "usage_history" -> RecentCodec.readHistory(fields);
            case "recent_events" -> RecentCodec.readEvents(fields);
            case "log_lines" -> RecentCodec.readLines(fields);
            case "log_batch" -> LogReadingCodec.batch(fields);
            case "web" -> AccessCodec.web(fields);
            case "description" ->
                new Answer.Description(fields.list("apps", AnswerCodec::readDescription), fields.texts("warnings"));
            case "history" -> new Answer.History(fields.list("crashes", AnswerCodec::readCrash));
            case "changed" ->
                new Answer.Changed(
                        fields.list("results", AnswerCodec::readResult),
                        fields.list("apps", StatusCodec::readStatus),
                        fields.texts("warnings"));
            case "planned" ->
                new Answer.Planned(fields.list("steps", ConfigurationCodec::step), fields.texts("warnings"));
            case "tokens" -> new Answer.Tokens(fields.list("tokens", AccessCodec::token));
            case "token_made" -> new Answer.TokenMade(AccessCodec.token(fields), fields.text("token"));
            case "listening" -> AccessCodec.listening(fields);
            case "nodes" -> ClusterCodec.nodes(fields);
            case "of_nodes" -> new Answer.OfNodes(fields.list("nodes", ClusterCodec::answer));
            case "refused" ->
                new Answer.Refused(
                        fields.constant("code", ErrorCode.values()),
                        fields.text("detail"),
                        fields.optionalText("hint"));
            default -> throw new MalformedMessageException("no answer is called '" + name + "'");
        };
    }

    private static Answer.AppDescription readDescription(Fields fields) throws MalformedMessageException {
        return new Answer.AppDescription(
                CommandCodec.spec(new Fields(fields.path() + "spec.", fields.object("spec"))),
                fields.list("instances", StatusCodec::readStatus),
                fields.list("crashes", AnswerCodec::readCrash),
                fields.list("usage", AccountingCodec::read),
                ConfigurationCodec.origin(fields));
    }

    private static CrashRecord readCrash(Fields fields) throws MalformedMessageException {
        return new CrashRecord(
                fields.instant("at"),
                fields.text("instance"),
                fields.number("generation"),
                fields.whole("pid"),
                fields.constant("kind", CrashRecord.Kind.values()),
                fields.text("cause"),
                fields.optionalNumber("exit_code"),
                fields.optionalText("signal"),
                Duration.ofMillis(fields.whole("uptime_ms")),
                fields.text("decision"),
                fields.texts("last_lines"));
    }

    private static Answer.InstanceResult readResult(Fields fields) throws MalformedMessageException {
        return new Answer.InstanceResult(
                fields.text("instance"),
                fields.flag("succeeded", false),
                fields.text("outcome"),
                fields.texts("last_lines"));
    }
}
