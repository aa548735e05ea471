package dev.bunctl.cli.full;

import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.render.Columns;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Render;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.EnvironmentMask;
import dev.bunctl.conf.codec.AppSpecCodec;
import dev.bunctl.conf.field.DeclaredApp;
import dev.bunctl.conf.plan.SpecFields;
import dev.bunctl.conf.resolve.Explanation;
import dev.bunctl.conf.resolve.StartOptions;
import dev.bunctl.conf.source.Discovery;
import dev.bunctl.conf.source.Loaded;
import dev.bunctl.conf.tree.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code bunctl config}: shows what a configuration comes to, and why. Starts nothing, and asks no daemon. */
final class ConfigCommand {
    private static final String INDENT = "  ";

    private final Request.ShowConfig request;
    private final Presentation how;
    private final Configurations configurations;
    private final StartOptions options;

    ConfigCommand(Request.ShowConfig request, Presentation how) throws FailureException {
        this.request = request;
        this.how = how;
        this.configurations = Configurations.ofCaller();
        this.options = Configurations.options(request.choice().environmentName());
    }

    Rendered run() throws FailureException {
        Path file = configurations.need(request.choice().file(), "write one: bunctl init");
        Loaded loaded =
                Configurations.only(configurations.load(file), request.choice().only());
        List<AppSpec> specs = configurations.resolved(loaded, options);
        String out = request.explain() ? explained(file, loaded, specs) : shown(file, specs);
        return new Rendered(out, Render.warnings(configurations.warnings(), how), 0);
    }

    // ---- what it comes to

    private String shown(Path file, List<AppSpec> specs) {
        return how.json()
                ? json(
                        file,
                        List.of(),
                        specs.stream().map(ConfigCommand::masked).toList())
                : text(specs);
    }

    private static Map<String, @Nullable Object> masked(AppSpec spec) {
        Map<String, @Nullable Object> form = new LinkedHashMap<>(AppSpecCodec.toMap(spec));
        form.put("environment", EnvironmentMask.masked(spec.environment()));
        form.remove("inherited_environment");
        return form;
    }

    private String text(List<AppSpec> specs) {
        StringBuilder out = new StringBuilder();
        for (AppSpec spec : specs) {
            List<List<String>> rows = SpecFields.of(spec).stream()
                    .map(row -> List.of(INDENT + row.field(), row.value()))
                    .toList();
            section(out, spec, rows);
        }
        return out.toString();
    }

    private void section(StringBuilder out, AppSpec spec, List<List<String>> rows) {
        out.append(out.isEmpty() ? "" : "\n").append(Render.title(spec.name().value(), how));
        out.append(Columns.render(List.of(), rows, how));
    }

    // ---- where it comes from

    private String explained(Path file, Loaded loaded, List<AppSpec> specs) throws FailureException {
        List<Path> unread = unread(file);
        StringBuilder out = new StringBuilder();
        List<Map<String, @Nullable Object>> apps = new ArrayList<>();
        out.append("read: ").append(configurations.shown(file)).append('\n');
        unread.forEach(other ->
                out.append("not read: ").append(configurations.shown(other)).append('\n'));
        for (int n = 0; n < specs.size(); n++) {
            List<Explanation.Row> rows = rows(loaded, loaded.apps().get(n));
            List<List<String>> cells = rows.stream()
                    .map(row -> List.of(INDENT + row.field(), row.value(), row.origin()))
                    .toList();
            section(out, specs.get(n), cells);
            apps.add(json(specs.get(n), rows));
        }
        return how.json() ? json(file, unread, apps) : out.toString();
    }

    /** Configurations that would be read if the one that is were not there. */
    private List<Path> unread(Path file) {
        return Discovery.places(configurations.starter().directory()).stream()
                .filter(place -> !place.equals(file) && Files.isRegularFile(place))
                .toList();
    }

    private List<Explanation.Row> rows(Loaded loaded, DeclaredApp app) throws FailureException {
        try {
            return Explanation.of(app, options, configurations.starter(), loaded.base());
        } catch (ConfigException wrong) {
            throw Configurations.refusal(wrong);
        }
    }

    private static Map<String, @Nullable Object> json(AppSpec spec, List<Explanation.Row> rows) {
        List<Map<String, @Nullable Object>> values = new ArrayList<>();
        for (Explanation.Row row : rows) {
            Map<String, @Nullable Object> value = new LinkedHashMap<>();
            value.put("field", row.field());
            value.put("value", row.value());
            value.put("origin", row.origin());
            values.add(value);
        }
        Map<String, @Nullable Object> app = new LinkedHashMap<>();
        app.put("name", spec.name().value());
        app.put("values", values);
        return app;
    }

    private String json(Path file, List<Path> unread, List<Map<String, @Nullable Object>> apps) {
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        root.put("version", 1L);
        root.put("file", file.toString());
        if (request.explain()) {
            root.put("not_read", unread.stream().map(Path::toString).toList());
        }
        root.put("apps", apps);
        return Json.write(root) + "\n";
    }
}
