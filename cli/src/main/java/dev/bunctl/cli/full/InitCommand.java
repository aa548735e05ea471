package dev.bunctl.cli.full;

import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Render;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.cli.thin.Caller;
import dev.bunctl.cli.thin.Console;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.init.InitFormat;
import dev.bunctl.conf.init.InitRequest;
import dev.bunctl.conf.init.Initializer;
import dev.bunctl.conf.resolve.StartOptions;
import dev.bunctl.conf.source.Discovery;
import dev.bunctl.conf.tree.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code bunctl init}: writes a first configuration, once it is sure that it can be started. */
final class InitCommand {
    /** Exit code when the user said no. */
    private static final int DECLINED = 1;

    private static final Map<String, Field> FIELDS = Map.of(
            "name", Field.NAME,
            "entry", Field.SCRIPT,
            "port", Field.PORT,
            "memory", Field.MAX_MEMORY,
            "cpu", Field.MAX_CPU_PERCENT,
            "runtime", Field.INTERPRETER,
            "autostart", Field.AUTO_START,
            "instances", Field.INSTANCES,
            "cwd", Field.CWD,
            "env-file", Field.ENV_FILE);

    private final Request.Init request;
    private final Presentation how;
    private final Configurations configurations;
    private final Path folder;

    InitCommand(Request.Init request, Presentation how) throws FailureException {
        this.request = request;
        this.how = how;
        this.configurations = Configurations.ofCaller();
        this.folder = configurations.starter().directory();
    }

    Rendered run() throws FailureException, IOException {
        InitFormat format = InitFormat.of(request.format(), request.ecosystem(), folder)
                .orElseThrow(() -> new FailureException(
                        ErrorCode.USAGE,
                        "no format '" + request.format() + "'",
                        "json, yaml, js, cjs, mjs and ts are known"));
        try {
            Initializer.Draft draft = draft(format);
            var _ = configurations.resolve(draft.content(), StartOptions.NONE);
            refuseUnread(draft.file());
            if (!agreed(draft)) {
                return new Rendered("", "nothing was written\n", DECLINED);
            }
            Initializer.write(draft, request.force());
            return written(draft);
        } catch (ConfigException wrong) {
            throw Configurations.refusal(wrong);
        }
    }

    private Initializer.Draft draft(InitFormat format) throws ConfigException, FailureException {
        if (request.from().isPresent()) {
            Path from = configurations.absolute(request.from().get());
            return Initializer.draft(folder, format, configurations.read(from));
        }
        StartOptions.Builder given = new StartOptions.Builder();
        request.values().forEach((option, value) -> {
            Field field = FIELDS.get(option);
            if (field == null) {
                throw new IllegalStateException("no field for --" + option);
            }
            given.set("--" + option, field, value);
        });
        return Initializer.draft(new InitRequest(folder, given.build().fields(), format));
    }

    /** What is written is what {@code bunctl start} reads. */
    private void refuseUnread(Path file) throws FailureException {
        for (Path place : Discovery.places(folder)) {
            if (place.equals(file)) {
                return;
            }
            if (Files.isRegularFile(place)) {
                throw new FailureException(
                        ErrorCode.INVALID,
                        "'bunctl start' reads " + configurations.shown(place) + " before " + configurations.shown(file),
                        "remove it, or replace it with --format and --force");
            }
        }
    }

    private boolean agreed(Initializer.Draft draft) throws IOException {
        if (request.yes() || how.json() || !Caller.isTerminal(0) || !Caller.isTerminal(2)) {
            return true;
        }
        int _ = Console.err(draft.text());
        String answer = Console.ask("write this to " + configurations.shown(draft.file()) + "? [Y/n] ")
                .strip()
                .toLowerCase(Locale.ROOT);
        return answer.isEmpty() || answer.equals("y") || answer.equals("yes");
    }

    private Rendered written(Initializer.Draft draft) {
        String talk = Render.warnings(configurations.warnings(), how);
        if (!how.json()) {
            return new Rendered(
                    configurations.shown(draft.file()) + "\n", talk + "hint: 'bunctl start' starts what it says\n", 0);
        }
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        root.put("version", 1L);
        root.put("file", draft.file().toString());
        root.put("apps", names(draft));
        return new Rendered(Json.write(root) + "\n", talk, 0);
    }

    private static List<String> names(Initializer.Draft draft) {
        return draft.content().apps().stream().map(Configurations::nameOf).toList();
    }
}
