package dev.bunctl.conf.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.bunctl.conf.field.Change;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.field.FieldNames;
import dev.bunctl.conf.field.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FieldDocsTest {
    /** The names that PM2 documents for an ecosystem file, in its order. */
    private static final List<String> PM2 = List.of(
            "name",
            "script",
            "exec",
            "args",
            "cwd",
            "interpreter",
            "interpreter_args",
            "node_args",
            "instances",
            "exec_mode",
            "watch",
            "ignore_watch",
            "watch_delay",
            "watch_options",
            "max_memory_restart",
            "env",
            "env_file",
            "source_map_support",
            "disable_source_map_support",
            "instance_var",
            "filter_env",
            "increment_var",
            "append_env_to_name",
            "namespace",
            "uid",
            "gid",
            "log_date_format",
            "time",
            "log_type",
            "error_file",
            "out_file",
            "log_file",
            "combine_logs",
            "merge_logs",
            "pid_file",
            "min_uptime",
            "listen_timeout",
            "kill_timeout",
            "shutdown_with_message",
            "wait_ready",
            "max_restarts",
            "restart_delay",
            "exp_backoff_restart_delay",
            "stop_exit_codes",
            "autorestart",
            "cron_restart",
            "treekill",
            "kill_signal",
            "port",
            "force",
            "vizion",
            "post_update",
            "pmx",
            "automation",
            "trace",
            "disable_trace",
            "deep_monitoring",
            "kill_retry_time");

    @Test
    void fieldTable_isRendered() throws IOException {
        var table =
                new StringBuilder("| Field | Value | Default | Change takes | What it is |\n|---|---|---|---|---|\n");
        for (Field field : Field.values()) {
            table.append("| `").append(field.key()).append('`');
            for (String alias : field.aliases()) {
                table.append("<br>`").append(alias).append('`');
            }
            table.append(" | ")
                    .append(value(field.kind()))
                    .append(" | ")
                    .append(field.absent().isEmpty() ? "" : "`" + field.absent() + "`")
                    .append(" | ")
                    .append(change(field.change()))
                    .append(" | ")
                    .append(field.doc().replace("|", "\\|").replace("<", "&lt;"))
                    .append(" |\n");
        }
        Rendered.assertSectionCurrent("docs/configuration.md", "fields", table.toString());
    }

    @Test
    void pm2Table_isRendered() throws IOException {
        var table = new StringBuilder("| PM2 | bunctl | Note |\n|---|---|---|\n");
        for (String name : PM2) {
            Optional<Field> field = FieldNames.find(name);
            Optional<String> unused = FieldNames.whyUnused(name);
            assertFalse(field.isEmpty() && unused.isEmpty(), name + " is neither known nor refused");
            table.append("| `").append(name).append("` | ");
            table.append(field.map(known -> "`" + known.key() + "`").orElse("warning"))
                    .append(" | ");
            table.append(unused.orElseGet(() -> field.orElseThrow().doc())
                            .replace("|", "\\|")
                            .replace("<", "&lt;"))
                    .append(" |\n");
        }
        Rendered.assertSectionCurrent("docs/pm2-fields.md", "fields", table.toString());
    }

    @Test
    void everyName_meansOneThing() {
        var owners = new TreeMap<String, Field>();
        for (Field field : Field.values()) {
            assertEquals(null, owners.put(field.key(), field), field.key());
            for (String alias : field.aliases()) {
                assertEquals(null, owners.put(alias, field), alias);
            }
        }
        for (String unused : FieldNames.unusedNames()) {
            assertFalse(owners.containsKey(unused), unused);
        }
        assertEquals(Set.of(Field.class), Set.of(Field.NAME.getDeclaringClass()));
    }

    @Test
    void typingError_findsItsName() {
        assertEquals(Optional.of("max_memory"), FieldNames.nearest("maxMemory"));
        assertEquals(Optional.of("max_memory"), FieldNames.nearest("max-memory"));
        assertEquals(Optional.of("script"), FieldNames.nearest("scirpt"));
        assertEquals(Optional.of("instances"), FieldNames.nearest("instence"));
        assertEquals(Optional.empty(), FieldNames.nearest("zzzzzz"));
        assertEquals(Optional.empty(), FieldNames.nearest("x".repeat(65)));
    }

    private static String change(Change change) {
        return switch (change) {
            case IDENTITY -> "a new app";
            case RESTART -> "reload or restart";
            case SCALE -> "scaling";
            case LIVE, NONE -> "nothing";
        };
    }

    private static String value(Kind kind) {
        return switch (kind) {
            case Kind.Text() -> "string";
            case Kind.Name() -> "name";
            case Kind.Identity() -> "string or number";
            case Kind.Words() -> "string or list";
            case Kind.Texts() -> "string or list";
            case Kind.Flag() -> "true, false";
            case Kind.Whole(long least, long most) -> least + " to " + most;
            case Kind.Real(double least, double most) -> String.format(Locale.ROOT, "%.0f to %.0f", least, most);
            case Kind.Percent() -> "`50`, `\"50%\"`";
            case Kind.Size() -> "bytes, `\"512M\"`, `\"1.5G\"`";
            case Kind.Time() -> "ms, `\"10s\"`, `\"5m\"`";
            case Kind.Choice(List<String> words) -> String.join(", ", words);
            case Kind.InstanceCount() -> "number, `\"max\"`";
            case Kind.ExitCodes() -> "code or list";
            case Kind.Mask() -> "`\"027\"`";
            case Kind.SignalName() -> "`SIGTERM`, `TERM`";
            case Kind.SignalNames() -> "signal or list";
            case Kind.Variables() -> "object";
            case Kind.Filter() -> "true, string or list";
            case Kind.Watched() -> "true, false, string or list";
            case Kind.Strings() -> "object";
            case Kind.Dependencies() -> "name, list or object";
            case Kind.Resources() -> "object";
        };
    }
}
