package dev.bunctl.bridge.message;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.LimitChanges;
import dev.bunctl.conf.codec.AppSpecCodec;
import dev.bunctl.conf.codec.SpecFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The JSON of commands. */
final class CommandCodec {
    private static final String ALL = "all";

    private CommandCodec() {}

    static Map<String, @Nullable Object> toMap(Command command) {
        return switch (command) {
            case Command.Ping() -> named("ping");
            case Command.Status(Selection apps) -> selecting("status", apps);
            case Command.Describe(Selection apps) -> selecting("describe", apps);
            case Command.Start start -> start(start);
            case Command.Plan(Configuration configuration) -> {
                Map<String, @Nullable Object> body = named("plan");
                ConfigurationCodec.put(configuration, body);
                yield body;
            }
            case Command.Apply(Configuration configuration, boolean untilReady) -> {
                Map<String, @Nullable Object> body = named("apply");
                ConfigurationCodec.put(configuration, body);
                body.put("until_ready", untilReady);
                yield body;
            }
            case Command.StartKnown(Selection apps, boolean untilReady) -> {
                Map<String, @Nullable Object> body = selecting("start_known", apps);
                body.put("until_ready", untilReady);
                yield body;
            }
            case Command.Stop(Selection apps) -> selecting("stop", apps);
            case Command.Restart restart -> restart(restart);
            case Command.Reload(Selection apps, int parallel) -> {
                Map<String, @Nullable Object> body = selecting("reload", apps);
                body.put("parallel", (long) parallel);
                yield body;
            }
            case Command.Scale scale -> scale(scale);
            case Command.SendSignal(Selection apps, String signal) -> {
                Map<String, @Nullable Object> body = selecting("signal", apps);
                body.put("signal", signal);
                yield body;
            }
            case Command.History(Selection apps) -> selecting("history", apps);
            case Command.UsageHistory(Optional<String> app) -> {
                Map<String, @Nullable Object> body = named("usage_history");
                app.ifPresent(name -> body.put("app", name));
                yield body;
            }
            case Command.RecentEvents() -> named("recent_events");
            case Command.Web web -> web(web);
            case Command.Delete(Selection apps) -> selecting("delete", apps);
            case Command.Reset(Selection apps) -> selecting("reset", apps);
            case Command.SetLimits(Selection apps, LimitChanges changes) -> {
                Map<String, @Nullable Object> body = selecting("set_limits", apps);
                LimitChangesCodec.write(changes, body);
                yield body;
            }
            case Command.Watch(Selection apps, boolean on) -> selecting(on ? "watch" : "unwatch", apps);
            case Command.Kill() -> named("kill");
            case Command.Save(SnapshotName snapshot) -> with("save", "name", snapshot.value());
            case Command.Resurrect(SnapshotName snapshot, boolean untilReady) -> {
                Map<String, @Nullable Object> body = with("resurrect", "name", snapshot.value());
                body.put("until_ready", untilReady);
                yield body;
            }
            case Command.Update(String program) -> with("update", "program", program);
            case Command.Logs(Selection apps, LogQuery query) -> logs("logs", apps, query);
            case Command.FlushLogs(Selection apps) -> selecting("flush_logs", apps);
            case Command.RotateLogs(Selection apps) -> selecting("rotate_logs", apps);
            case Command.ReloadLogs() -> named("reload_logs");
            case LogReading reading -> LogReadingCodec.toMap(reading);
            case AccessCommand access -> {
                Map<String, @Nullable Object> body = MessageCodec.versionedObject();
                AccessCodec.put(access, body);
                yield body;
            }
            case ClusterCommand cluster -> ClusterCodec.toMap(cluster);
        };
    }

    static Map<String, @Nullable Object> named(String name) {
        Map<String, @Nullable Object> body = MessageCodec.versionedObject();
        body.put("command", name);
        return body;
    }

    static Map<String, @Nullable Object> with(String name, String member, String value) {
        Map<String, @Nullable Object> body = named(name);
        body.put(member, value);
        return body;
    }

    private static Map<String, @Nullable Object> selecting(String name, Selection selection) {
        Map<String, @Nullable Object> body = named(name);
        body.put(
                "apps",
                switch (selection) {
                    case Selection.All() -> ALL;
                    case Selection.Named(List<String> words) -> words;
                });
        return body;
    }

    private static Map<String, @Nullable Object> start(Command.Start start) {
        Map<String, @Nullable Object> body = named("start");
        body.put("specs", start.specs().stream().map(AppSpecCodec::toMap).toList());
        body.put("until_ready", start.untilReady());
        body.put("update_environment", start.updateEnvironment());
        start.origin().ifPresent(origin -> body.put("origin", ConfigurationCodec.toMap(origin)));
        return body;
    }

    private static Map<String, @Nullable Object> restart(Command.Restart restart) {
        Map<String, @Nullable Object> body = selecting("restart", restart.selection());
        body.put("until_ready", restart.untilReady());
        restart.parallel().ifPresent(parallel -> body.put("parallel", (long) parallel));
        restart.updatedEnvironment().ifPresent(environment -> body.put("environment", environment));
        return body;
    }

    private static Map<String, @Nullable Object> scale(Command.Scale scale) {
        Map<String, @Nullable Object> body = named("scale");
        body.put("app", scale.app());
        switch (scale.count()) {
            case Command.Scale.Count.To(int instances) -> body.put("to", (long) instances);
            case Command.Scale.Count.By(int instances) -> body.put("by", (long) instances);
        }
        body.put("until_ready", scale.untilReady());
        return body;
    }

    private static Map<String, @Nullable Object> web(Command.Web web) {
        Map<String, @Nullable Object> body = named("web");
        body.put("on", web.on());
        web.address().ifPresent(address -> body.put("address", address));
        web.port().ifPresent(port -> body.put("port", (long) port));
        return body;
    }

    static Map<String, @Nullable Object> logs(String name, Selection selection, LogQuery query) {
        Map<String, @Nullable Object> body = selecting(name, selection);
        body.put("lines", (long) query.lines());
        body.put("follow", query.follow());
        body.put("stdout", query.stdout());
        body.put("stderr", query.stderr());
        query.since().ifPresent(since -> body.put("since", since.toString()));
        query.until().ifPresent(until -> body.put("until", until.toString()));
        query.pattern().ifPresent(pattern -> body.put("pattern", pattern));
        return body;
    }

    static Command read(Fields fields) throws MalformedMessageException {
        Command command = here(fields);
        return fields.has("nodes") ? ClusterCodec.onNodes(fields, command) : command;
    }

    private static Command here(Fields fields) throws MalformedMessageException {
        String name = fields.text("command");
        return switch (name) {
            case "ping" -> new Command.Ping();
            case "status" -> new Command.Status(selectionOrAll(fields));
            case "describe" -> new Command.Describe(selectionOrAll(fields));
            case "start" ->
                new Command.Start(
                        specs(fields),
                        fields.flag("until_ready", true),
                        fields.flag("update_environment", false),
                        ConfigurationCodec.origin(fields));
            case "plan" -> new Command.Plan(ConfigurationCodec.configuration(fields));
            case "apply" ->
                new Command.Apply(ConfigurationCodec.configuration(fields), fields.flag("until_ready", true));
            case "start_known" -> new Command.StartKnown(selection(fields), fields.flag("until_ready", true));
            case "stop" -> new Command.Stop(selection(fields));
            case "restart" ->
                new Command.Restart(
                        selection(fields), fields.flag("until_ready", true), parallel(fields), environment(fields));
            case "reload" ->
                new Command.Reload(selection(fields), parallel(fields).orElse(1));
            case "scale" -> new Command.Scale(fields.text("app"), count(fields), fields.flag("until_ready", true));
            case "signal" -> new Command.SendSignal(selection(fields), fields.text("signal"));
            case "history" -> new Command.History(selectionOrAll(fields));
            case "usage_history" -> new Command.UsageHistory(fields.optionalText("app"));
            case "recent_events" -> new Command.RecentEvents();
            case "web" ->
                new Command.Web(fields.flag("on", true), fields.optionalText("address"), fields.optionalNumber("port"));
            case "delete" -> new Command.Delete(selection(fields));
            case "reset" -> new Command.Reset(selection(fields));
            case "set_limits" -> new Command.SetLimits(selection(fields), LimitChangesCodec.read(fields));
            case "watch" -> new Command.Watch(selection(fields), true);
            case "unwatch" -> new Command.Watch(selection(fields), false);
            case "kill" -> new Command.Kill();
            case "save" -> new Command.Save(snapshot(fields));
            case "resurrect" -> new Command.Resurrect(snapshot(fields), fields.flag("until_ready", true));
            case "update" -> update(fields);
            case "logs" -> new Command.Logs(selectionOrAll(fields), query(fields));
            case "open_logs" -> LogReadingCodec.open(fields, selectionOrAll(fields), query(fields));
            case "next_logs" -> LogReadingCodec.next(fields);
            case "close_logs" -> LogReadingCodec.close(fields);
            case "flush_logs" -> new Command.FlushLogs(selection(fields));
            case "rotate_logs" -> new Command.RotateLogs(selection(fields));
            case "reload_logs" -> new Command.ReloadLogs();
            case "nodes" -> new ClusterCommand.ShowNodes();
            case "leave_cluster" -> new ClusterCommand.Leave();
            case "join_cluster" -> ClusterCodec.join(fields);
            default ->
                AccessCodec.read(name, fields)
                        .orElseThrow(() -> new MalformedMessageException("no command is called '" + shown(name) + "'"));
        };
    }

    private static SnapshotName snapshot(Fields fields) throws MalformedMessageException {
        try {
            return fields.has("name") ? new SnapshotName(fields.text("name")) : SnapshotName.DEFAULT;
        } catch (IllegalArgumentException invalid) {
            throw fields.wrong("name", String.valueOf(invalid.getMessage()));
        }
    }

    private static Command update(Fields fields) throws MalformedMessageException {
        try {
            return new Command.Update(fields.text("program"));
        } catch (IllegalArgumentException invalid) {
            throw fields.wrong("program", String.valueOf(invalid.getMessage()));
        }
    }

    private static String shown(String name) {
        return name.length() > 40 ? name.substring(0, 40) + "…" : name;
    }

    /** A command that changes nothing may leave the apps out. */
    private static Selection selectionOrAll(Fields fields) throws MalformedMessageException {
        return fields.has("apps") ? selection(fields) : new Selection.All();
    }

    private static Selection selection(Fields fields) throws MalformedMessageException {
        if (ALL.equals(fields.map().get("apps"))) {
            return new Selection.All();
        }
        List<String> words = fields.texts("apps");
        if (words.isEmpty() || words.size() > Selection.MAX_WORDS) {
            throw fields.wrong("apps", "\"all\" or a list of 1 to " + Selection.MAX_WORDS + " names or ids");
        }
        return new Selection.Named(words);
    }

    private static Optional<Map<String, String>> environment(Fields fields) throws MalformedMessageException {
        return fields.has("environment") ? Optional.of(fields.strings("environment")) : Optional.empty();
    }

    private static OptionalInt parallel(Fields fields) throws MalformedMessageException {
        OptionalInt parallel = fields.optionalNumber("parallel");
        if (parallel.isPresent() && (parallel.getAsInt() < 1 || parallel.getAsInt() > Parallel.MAX)) {
            throw fields.wrong("parallel", "1 to " + Parallel.MAX);
        }
        return parallel;
    }

    private static Command.Scale.Count count(Fields fields) throws MalformedMessageException {
        if (fields.has("to") == fields.has("by")) {
            throw fields.wrong("to", "either this or 'by'");
        }
        return fields.has("to")
                ? new Command.Scale.Count.To(fields.number("to"))
                : new Command.Scale.Count.By(fields.number("by"));
    }

    private static LogQuery query(Fields fields) throws MalformedMessageException {
        int lines = fields.number("lines", LogQuery.DEFAULT_LINES);
        if (lines < 0 || lines > LogQuery.MAX_LINES) {
            throw fields.wrong("lines", "0 to " + LogQuery.MAX_LINES);
        }
        return new LogQuery(
                lines,
                fields.flag("follow", false),
                fields.flag("stdout", true),
                fields.flag("stderr", true),
                fields.optionalInstant("since"),
                fields.optionalInstant("until"),
                fields.optionalText("pattern"));
    }

    private static List<AppSpec> specs(Fields fields) throws MalformedMessageException {
        List<AppSpec> specs = fields.list("specs", CommandCodec::spec);
        if (specs.isEmpty() || specs.size() > Selection.MAX_WORDS) {
            throw fields.wrong("specs", "1 to " + Selection.MAX_WORDS + " specifications");
        }
        return new ArrayList<>(specs);
    }

    static AppSpec spec(Fields fields) throws MalformedMessageException {
        try {
            return AppSpecCodec.fromMap(fields.map());
        } catch (SpecFormatException invalid) {
            throw new MalformedMessageException(fields.path() + invalid.getMessage(), invalid);
        }
    }
}
