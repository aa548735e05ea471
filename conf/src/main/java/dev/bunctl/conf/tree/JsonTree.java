package dev.bunctl.conf.tree;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;

/** Reads JSON, with comments and trailing commas allowed and repeated names refused. */
public final class JsonTree {
    /** How the parser tells of a second place, where what is not closed was opened. */
    private static final String PARSER_PLACE = "\\[Source: [^\\[\\]]*; line: (\\d+), column: (\\d+)]";

    private final JsonParser parser;
    private final String source;
    private final boolean made;
    private final Deque<String> path = new ArrayDeque<>();
    private int depth;

    private JsonTree(JsonParser parser, String source, boolean made) {
        this.parser = parser;
        this.source = source;
        this.made = made;
    }

    /**
     * Reads one JSON value that is the whole text.
     *
     * @param source how the text is called in messages
     */
    public static Node read(String text, String source) throws ConfigException {
        return read(text, source, false);
    }

    /** Reads JSON that was made by a program: values are located by their path in it, {@code apps[0].name}. */
    public static Node readMade(String text, String source) throws ConfigException {
        return read(text, source, true);
    }

    private static Node read(String text, String source, boolean made) throws ConfigException {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(ConfigLimits.MAX_DEPTH + 1)
                        .maxStringLength(ConfigLimits.MAX_TEXT)
                        .build())
                .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                .build();
        try (JsonParser parser = factory.createParser(text)) {
            return new JsonTree(parser, source, made).whole();
        } catch (StreamConstraintsException limit) {
            throw refusal(source, limit, "too much: " + limit.getOriginalMessage());
        } catch (JsonProcessingException broken) {
            String said = broken.getOriginalMessage().replaceAll(PARSER_PLACE, "line $1, column $2");
            throw refusal(source, broken, "not valid JSON: " + said);
        } catch (IOException impossible) {
            throw new IllegalStateException("a string cannot fail to be read", impossible);
        }
    }

    private static ConfigException refusal(String source, JsonProcessingException broken, String message) {
        JsonLocation at = broken.getLocation();
        Location location = at == null
                ? Location.of(source)
                : new Location(source, Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()));
        return ConfigException.invalid(location, message);
    }

    private Node whole() throws IOException, ConfigException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw ConfigException.invalid(new Location(source, 1, 1), "empty: an object or a list of apps expected");
        }
        Node node = value(first);
        if (parser.nextToken() != null) {
            throw ConfigException.invalid(here(), "nothing expected after the end of the value");
        }
        return node;
    }

    private Location here() {
        if (made) {
            String shown = String.join("", path);
            return Location.of(
                    shown.isEmpty() ? source : source + ": " + (shown.startsWith(".") ? shown.substring(1) : shown));
        }
        JsonLocation at = parser.currentTokenLocation();
        return new Location(source, at.getLineNr(), at.getColumnNr());
    }

    private Node value(JsonToken token) throws IOException, ConfigException {
        Location at = here();
        return switch (token) {
            case VALUE_STRING -> new Node.Text(parser.getText(), at);
            case VALUE_NUMBER_INT -> whole(at);
            case VALUE_NUMBER_FLOAT -> real(at);
            case VALUE_TRUE -> new Node.Flag(true, at);
            case VALUE_FALSE -> new Node.Flag(false, at);
            case VALUE_NULL -> new Node.Nothing(at);
            case START_ARRAY -> {
                enter(at);
                Node items = items(at);
                depth--;
                yield items;
            }
            case START_OBJECT -> {
                enter(at);
                Node members = members(at);
                depth--;
                yield members;
            }
            case END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("no value starts with " + token);
        };
    }

    private void enter(Location at) throws ConfigException {
        if (++depth > ConfigLimits.MAX_DEPTH) {
            throw ConfigException.invalid(
                    at, "at most " + ConfigLimits.MAX_DEPTH + " objects and lists within one another expected");
        }
    }

    private Node whole(Location at) throws IOException, ConfigException {
        return switch (parser.getNumberType()) {
            case INT, LONG -> new Node.Whole(parser.getLongValue(), at);
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL ->
                throw ConfigException.invalid(at, "a number of at most 64 bits expected");
        };
    }

    private Node real(Location at) throws IOException, ConfigException {
        double value = parser.getDoubleValue();
        if (!Double.isFinite(value)) {
            throw ConfigException.invalid(at, "a number that large cannot be used");
        }
        return new Node.Real(value, at);
    }

    private Node items(Location at) throws IOException, ConfigException {
        var values = new ArrayList<Node>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            path.addLast("[" + values.size() + "]");
            values.add(value(token));
            path.removeLast();
        }
        return new Node.Items(values, at);
    }

    private Node members(Location at) throws IOException, ConfigException {
        var values = new LinkedHashMap<String, Node.Member>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            path.addLast("." + name);
            Location nameAt = here();
            Node.Member earlier = values.put(name, new Node.Member(nameAt, value(parser.nextToken())));
            path.removeLast();
            if (earlier != null) {
                throw ConfigException.invalid(
                        nameAt,
                        "'" + name + "' is already given at line "
                                + earlier.nameAt().line());
            }
        }
        return new Node.Members(values, at);
    }
}
