package dev.bunctl.conf.init;

import dev.bunctl.conf.field.JsonText;
import dev.bunctl.conf.tree.Node;
import java.util.List;
import java.util.Map;

/** Writes a tree for people to read and edit. */
final class ConfigText {
    private static final String STEP = "  ";

    private final StringBuilder text = new StringBuilder();

    private ConfigText() {}

    static String of(Node root, InitFormat format) {
        var text = new ConfigText();
        switch (format) {
            case JSON, ECOSYSTEM_JSON -> text.json(root, "");
            case YAML, ECOSYSTEM_YAML -> {
                text.yaml(root, "");
                return text.text.substring(1) + "\n";
            }
            case ECOSYSTEM_JS, ECOSYSTEM_CJS -> {
                text.text.append("module.exports = ");
                text.json(root, "");
                text.text.append(';');
            }
            case ECOSYSTEM_MJS, ECOSYSTEM_TS -> {
                text.text.append("export default ");
                text.json(root, "");
                text.text.append(';');
            }
        }
        return text.text.append('\n').toString();
    }

    private void json(Node node, String indent) {
        switch (node) {
            case Node.Items items
            when items.values().stream().noneMatch(ConfigText::isNested) -> {
                text.append('[');
                String between = "";
                for (Node value : items.values()) {
                    text.append(between).append(JsonText.of(value));
                    between = ", ";
                }
                text.append(']');
            }
            case Node.Items items -> {
                String between = "[\n";
                for (Node value : items.values()) {
                    text.append(between).append(indent).append(STEP);
                    json(value, indent + STEP);
                    between = ",\n";
                }
                text.append('\n').append(indent).append(']');
            }
            case Node.Members members when members.values().isEmpty() -> text.append("{}");
            case Node.Members members -> {
                String between = "{\n";
                for (Map.Entry<String, Node.Member> member : members.values().entrySet()) {
                    JsonText.quote(
                            member.getKey(), text.append(between).append(indent).append(STEP));
                    text.append(": ");
                    json(member.getValue().value(), indent + STEP);
                    between = ",\n";
                }
                text.append('\n').append(indent).append('}');
            }
            default -> text.append(JsonText.of(node));
        }
    }

    private static boolean isNested(Node node) {
        return node instanceof Node.Items || node instanceof Node.Members;
    }

    /** Scalars as JSON, which YAML 1.2 includes. */
    private void yaml(Node node, String indent) {
        switch (node) {
            case Node.Items(List<Node> values, var at)
            when !values.isEmpty() -> {
                for (Node value : values) {
                    text.append('\n').append(indent).append("-");
                    if (value instanceof Node.Members members
                            && !members.values().isEmpty()) {
                        int start = text.length();
                        yaml(value, indent + STEP);
                        text.replace(start, start + 1 + indent.length() + STEP.length(), " ");
                    } else {
                        yaml(value, indent + STEP);
                    }
                }
            }
            case Node.Members(Map<String, Node.Member> members, var at)
            when !members.isEmpty() ->
                members.forEach((name, member) -> {
                    text.append('\n')
                            .append(indent)
                            .append(isPlain(name) ? name : quoted(name))
                            .append(':');
                    yaml(member.value(), indent + STEP);
                });
            default -> text.append(' ').append(JsonText.of(node));
        }
    }

    private static String quoted(String name) {
        var quoted = new StringBuilder();
        JsonText.quote(name, quoted);
        return quoted.toString();
    }

    private static boolean isPlain(String name) {
        return !name.isEmpty()
                && name.chars().allMatch(c -> c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
    }
}
