package dev.bunctl.bridge.message;

import dev.bunctl.conf.AppName;
import dev.bunctl.conf.Origin;
import dev.bunctl.conf.codec.AppSpecCodec;
import dev.bunctl.conf.field.Change;
import dev.bunctl.conf.plan.Difference;
import dev.bunctl.conf.plan.Step;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON of configurations and of what applying them takes. */
final class ConfigurationCodec {
    private ConfigurationCodec() {}

    static Map<String, @Nullable Object> toMap(Origin origin) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("file", origin.file().toString());
        map.put("environment", origin.environmentName().orElse(null));
        map.put("watched", origin.watched());
        return map;
    }

    /** The member {@code origin}, where there is one. */
    static Optional<Origin> origin(Fields fields) throws MalformedMessageException {
        if (!fields.has("origin")) {
            return Optional.empty();
        }
        Fields inside = new Fields(fields.path() + "origin.", fields.object("origin"));
        try {
            return Optional.of(new Origin(
                    Path.of(inside.text("file")), inside.optionalText("environment"), inside.flag("watched", false)));
        } catch (InvalidPathException invalid) {
            throw inside.wrong("file", "a path");
        } catch (IllegalArgumentException relative) {
            throw inside.wrong("file", "an absolute path");
        }
    }

    static void put(Configuration configuration, Map<String, @Nullable Object> body) {
        body.put(
                "specs", configuration.specs().stream().map(AppSpecCodec::toMap).toList());
        body.put("origin", toMap(configuration.origin()));
        body.put("only", configuration.only());
    }

    static Configuration configuration(Fields fields) throws MalformedMessageException {
        List<String> only = fields.texts("only");
        Configuration configuration = new Configuration(
                fields.list("specs", CommandCodec::spec),
                origin(fields).orElseThrow(() -> fields.wrong("origin", "an object")),
                only);
        if (configuration.specs().size() > Selection.MAX_WORDS || only.size() > Selection.MAX_WORDS) {
            throw fields.wrong("specs", "at most " + Selection.MAX_WORDS + " specifications");
        }
        return configuration;
    }

    static Map<String, @Nullable Object> toMap(Step step) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("app", step.app().value());
        map.put("action", Names.wireName(step.action()));
        map.put(
                "differences",
                step.differences().stream().map(ConfigurationCodec::toMap).toList());
        return map;
    }

    private static Map<String, @Nullable Object> toMap(Difference difference) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("field", difference.field());
        map.put("before", difference.before());
        map.put("after", difference.after());
        map.put("takes", Names.wireName(difference.change()));
        return map;
    }

    static Step step(Fields fields) throws MalformedMessageException {
        String name = fields.text("app");
        if (AppName.problemOf(name) != null) {
            throw fields.wrong("app", "the name of an app");
        }
        return new Step(
                new AppName(name),
                fields.constant("action", Step.Action.values()),
                fields.list("differences", ConfigurationCodec::difference));
    }

    private static Difference difference(Fields fields) throws MalformedMessageException {
        return new Difference(
                fields.text("field"),
                fields.text("before"),
                fields.text("after"),
                fields.constant("takes", Change.values()));
    }
}
