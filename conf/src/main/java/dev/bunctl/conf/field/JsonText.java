package dev.bunctl.conf.field;

import dev.bunctl.conf.tree.Node;
import java.util.Map;

/** Writes a tree as JSON without spaces. */
public final class JsonText {
    private JsonText() {}

    public static String of(Node node) {
        var text = new StringBuilder();
        write(node, text);
        return text.toString();
    }

    private static void write(Node node, StringBuilder text) {
        switch (node) {
            case Node.Text(String value, var at) -> quote(value, text);
            case Node.Whole(long value, var at) -> text.append(value);
            case Node.Real(double value, var at) -> text.append(value);
            case Node.Flag(boolean value, var at) -> text.append(value);
            case Node.Nothing nothing -> text.append("null");
            case Node.Items items -> {
                String between = "[";
                for (Node value : items.values()) {
                    text.append(between);
                    write(value, text);
                    between = ",";
                }
                text.append(items.values().isEmpty() ? "[]" : "]");
            }
            case Node.Members members -> {
                String between = "{";
                for (Map.Entry<String, Node.Member> member : members.values().entrySet()) {
                    quote(member.getKey(), text.append(between));
                    write(member.getValue().value(), text.append(':'));
                    between = ",";
                }
                text.append(members.values().isEmpty() ? "{}" : "}");
            }
        }
    }

    /** Appends a JSON string. */
    public static void quote(String value, StringBuilder text) {
        text.append('"');
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < 0x20) {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
