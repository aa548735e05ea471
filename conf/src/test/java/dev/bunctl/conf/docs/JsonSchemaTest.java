package dev.bunctl.conf.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.field.Kind;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.JsonTree;
import dev.bunctl.conf.tree.Node;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The JSON schema that editors use. */
class JsonSchemaTest {
    private static final String TEXT = "{\"type\":\"string\"}";
    private static final String NUMBER = "{\"type\":[\"integer\",\"string\"]";
    private static final String LIST = "{\"type\":[\"string\",\"array\"],\"items\":{\"type\":[\"string\",\"number\"]}}";

    @Test
    void schema_isRendered() throws IOException, ConfigException {
        String text = schema();
        assertEquals(Node.Members.class, JsonTree.read(text, "schema").getClass());
        Rendered.assertCurrent("conf/src/main/resources/bunctl.schema.json", text);
    }

    private static String schema() {
        var properties = new LinkedHashMap<String, String>();
        var groups = new LinkedHashMap<String, Map<String, String>>();
        for (Field field : Field.values()) {
            put(properties, groups, field.key(), described(field, field.doc()));
            for (String alias : field.aliases()) {
                put(properties, groups, alias, described(field, "The same as " + field.key() + "."));
            }
        }
        groups.forEach((group, members) -> properties.merge(
                group, object(members, false), (single, object) -> "{\"anyOf\":[" + single + "," + object + "]}"));
        properties.put("env", "{\"$ref\":\"#/$defs/variables\"}");
        String app = object(properties, true);
        return """
                {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "title": "bunctl",
                "description": "Apps that bunctl keeps running.",
                "anyOf": [
                {"type": "object", "required": ["apps"], "additionalProperties": false, "properties": {
                "$schema": {"type": "string"},
                "apps": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/app"}},
                "watch_config": {"type": "boolean", "description": "Whether the file is applied whenever it is saved."},
                "deploy": true}},
                {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/app"}},
                {"$ref": "#/$defs/app"}
                ],
                "$defs": {
                "variables": {"type": "object", "additionalProperties": true, "description": "Environment variables."},
                "app": %s
                }
                }
                """.formatted(app);
    }

    private static void put(
            Map<String, String> properties, Map<String, Map<String, String>> groups, String name, String schema) {
        int point = name.indexOf('.');
        if (point < 0) {
            properties.put(name, schema);
        } else {
            groups.computeIfAbsent(name.substring(0, point), group -> new LinkedHashMap<>())
                    .put(name.substring(point + 1), schema);
        }
    }

    private static String object(Map<String, String> properties, boolean app) {
        var text = new StringBuilder("{\"type\":\"object\",\"additionalProperties\":false,");
        text.append(app ? "\"patternProperties\":{\"^env_\":{}},\n" : "").append("\"properties\":{");
        String between = app ? "\n" : "";
        for (Map.Entry<String, String> property : properties.entrySet()) {
            text.append(between)
                    .append('"')
                    .append(property.getKey())
                    .append("\":")
                    .append(property.getValue());
            between = app ? ",\n" : ",";
        }
        return text.append("}}").toString();
    }

    private static String described(Field field, String doc) {
        String schema = schema(field.kind());
        String quoted = doc.replace("\\", "\\\\").replace("\"", "\\\"");
        return schema.substring(0, schema.length() - 1) + ",\"description\":\"" + quoted + "\"}";
    }

    private static String schema(Kind kind) {
        return switch (kind) {
            case Kind.Text() -> TEXT;
            case Kind.Name() -> "{\"type\":\"string\",\"minLength\":1,\"maxLength\":64}";
            case Kind.Identity() -> NUMBER + "}";
            case Kind.Words() -> LIST;
            case Kind.Texts() -> "{\"type\":[\"string\",\"array\"],\"items\":{\"type\":\"string\"}}";
            case Kind.Flag() -> "{\"type\":\"boolean\"}";
            case Kind.Whole(long least, long most) -> NUMBER + ",\"minimum\":" + least + ",\"maximum\":" + most + "}";
            case Kind.Real(double least, double most) ->
                "{\"type\":\"number\",\"minimum\":" + (long) least + ",\"maximum\":" + (long) most + "}";
            case Kind.Percent() -> "{\"type\":[\"number\",\"string\"],\"examples\":[50,\"50%\"]}";
            case Kind.Size() -> NUMBER + ",\"examples\":[\"512M\",\"1.5G\"]}";
            case Kind.Time() -> NUMBER + ",\"examples\":[\"500ms\",\"10s\",\"5m\"]}";
            case Kind.Choice(List<String> words) -> "{\"enum\":[\"" + String.join("\",\"", words) + "\"]}";
            case Kind.InstanceCount() -> NUMBER + ",\"examples\":[2,\"max\"]}";
            case Kind.ExitCodes() -> "{\"type\":[\"integer\",\"array\"],\"items\":{\"type\":\"integer\"}}";
            case Kind.Mask() -> "{\"type\":\"string\",\"pattern\":\"^(0o)?[0-7]{1,4}$\"}";
            case Kind.SignalName() -> "{\"type\":\"string\",\"examples\":[\"SIGINT\",\"SIGTERM\"]}";
            case Kind.SignalNames() -> "{\"type\":[\"string\",\"array\"],\"items\":{\"type\":\"string\"}}";
            case Kind.Variables(), Kind.Strings(), Kind.Resources() -> "{\"type\":\"object\"}";
            case Kind.Filter() -> "{\"type\":[\"boolean\",\"string\",\"array\"],\"items\":{\"type\":\"string\"}}";
            case Kind.Watched() -> "{\"type\":[\"boolean\",\"string\",\"array\"],\"items\":{\"type\":\"string\"}}";
            case Kind.Dependencies() -> "{\"type\":[\"string\",\"array\",\"object\"]}";
        };
    }
}
