package dev.bunctl.conf.tree;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads YAML 1.2 (one document). Anchors and aliases work; merge keys and types of other schemas do not. */
public final class YamlTree {
    /** Values after aliases are written out, so that a small text cannot stand for a huge one. */
    private static final int MAX_VALUES = 2_000_000;

    private final String source;
    private int values;

    private YamlTree(String source) {
        this.source = source;
    }

    /** Reads one YAML document. */
    public static Node read(String text, String source) throws ConfigException {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(source)
                .setAllowDuplicateKeys(true)
                .setAllowRecursiveKeys(false)
                .setMaxAliasesForCollections(1000)
                .setCodePointLimit(ConfigLimits.MAX_BYTES)
                .build();
        try {
            Optional<org.snakeyaml.engine.v2.nodes.Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                throw ConfigException.invalid(
                        new Location(source, 1, 1), "empty: an object or a list of apps expected");
            }
            return new YamlTree(source).node(root.get(), 0);
        } catch (MarkedYamlEngineException broken) {
            Location at =
                    broken.getProblemMark().map(mark -> location(source, mark)).orElse(Location.of(source));
            throw ConfigException.invalid(at, "not valid YAML: " + broken.getProblem());
        } catch (YamlEngineException broken) {
            throw ConfigException.invalid(Location.of(source), "not valid YAML: " + broken.getMessage());
        }
    }

    private static Location location(String source, Mark mark) {
        return new Location(source, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Location at(org.snakeyaml.engine.v2.nodes.Node node) {
        return node.getStartMark().map(mark -> location(source, mark)).orElse(Location.of(source));
    }

    private Node node(org.snakeyaml.engine.v2.nodes.Node node, int depth) throws ConfigException {
        Location at = at(node);
        if (depth > ConfigLimits.MAX_DEPTH || ++values > MAX_VALUES) {
            throw ConfigException.invalid(at, "too much: nested too deeply, or too many values");
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar, at);
            case SequenceNode sequence -> items(sequence, at, depth);
            case MappingNode mapping -> members(mapping, at, depth);
            default -> throw ConfigException.invalid(at, "a scalar, a list or an object expected");
        };
    }

    private static Node scalar(ScalarNode scalar, Location at) throws ConfigException {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.STR)) {
            if (text.length() > ConfigLimits.MAX_TEXT) {
                throw ConfigException.invalid(at, "at most " + ConfigLimits.MAX_TEXT + " characters expected");
            }
            return new Node.Text(text, at);
        }
        if (tag.equals(Tag.NULL)) {
            return new Node.Nothing(at);
        }
        if (tag.equals(Tag.BOOL)) {
            return new Node.Flag(text.equalsIgnoreCase("true"), at);
        }
        try {
            if (tag.equals(Tag.INT)) {
                return new Node.Whole(Long.parseLong(text), at);
            }
            if (tag.equals(Tag.FLOAT)) {
                double value = Double.parseDouble(text);
                if (Double.isFinite(value)) {
                    return new Node.Real(value, at);
                }
            }
        } catch (NumberFormatException large) {
            throw ConfigException.invalid(at, "a decimal number of at most 64 bits expected, not " + text);
        }
        throw ConfigException.invalid(at, "a string, a number, true, false or null expected, not " + tag.getValue());
    }

    private Node items(SequenceNode sequence, Location at, int depth) throws ConfigException {
        List<Node> items = new ArrayList<>();
        for (org.snakeyaml.engine.v2.nodes.Node item : sequence.getValue()) {
            items.add(node(item, depth + 1));
        }
        return new Node.Items(items, at);
    }

    private Node members(MappingNode mapping, Location at, int depth) throws ConfigException {
        var members = new LinkedHashMap<String, Node.Member>();
        for (NodeTuple tuple : mapping.getValue()) {
            Location nameAt = at(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw ConfigException.invalid(nameAt, "the name of a field expected");
            }
            var member = new Node.Member(nameAt, node(tuple.getValueNode(), depth + 1));
            Node.Member earlier = members.put(key.getValue(), member);
            if (earlier != null) {
                throw ConfigException.invalid(
                        nameAt,
                        "'" + key.getValue() + "' is already given at line "
                                + earlier.nameAt().line());
            }
        }
        return new Node.Members(members, at);
    }
}
