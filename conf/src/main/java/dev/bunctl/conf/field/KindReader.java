package dev.bunctl.conf.field;

import dev.bunctl.conf.AppName;
import dev.bunctl.conf.tree.CommandWords;
import dev.bunctl.conf.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Turns what is written into the value of a field. */
final class KindReader {
    /** Most variables of one app. */
    static final int MAX_VARIABLES = 10_000;

    private static final Set<String> SIGNALS = Set.of(
            "SIGHUP",
            "SIGINT",
            "SIGQUIT",
            "SIGKILL",
            "SIGTERM",
            "SIGUSR1",
            "SIGUSR2",
            "SIGALRM",
            "SIGCONT",
            "SIGWINCH",
            "SIGPIPE",
            "SIGABRT");

    /** What a program can die of. */
    private static final Set<String> DEADLY = Set.of(
            "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
            "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGXCPU", "SIGXFSZ", "SIGSYS");

    private KindReader() {}

    /** A value was not what its kind expects. */
    static final class Unexpected extends Exception {
        private final Node node;

        Unexpected(Node node, String expected) {
            super(expected);
            this.node = node;
        }

        Node node() {
            return node;
        }
    }

    /** Reads a value; its type is the one that the kind documents. */
    static Object read(Kind kind, Node node) throws Unexpected {
        return switch (kind) {
            case Kind.Text() -> text(node, "a string");
            case Kind.Name() -> name(node);
            case Kind.Identity() -> identity(node);
            case Kind.Words() -> words(node);
            case Kind.Texts() -> texts(node);
            case Kind.Flag() -> flag(node);
            case Kind.Whole(long least, long most) -> NumberReader.whole(node, least, most);
            case Kind.Real(double least, double most) -> NumberReader.real(node, least, most);
            case Kind.Percent() -> NumberReader.percent(node);
            case Kind.Size() -> NumberReader.size(node);
            case Kind.Time() -> NumberReader.time(node);
            case Kind.Choice(List<String> choices) -> choice(node, choices);
            case Kind.InstanceCount() -> NumberReader.instances(node);
            case Kind.ExitCodes() -> exitCodes(node);
            case Kind.Mask() -> NumberReader.mask(node);
            case Kind.SignalName() -> signal(node, SIGNALS);
            case Kind.SignalNames() -> signals(node);
            case Kind.Variables() -> variables(node);
            case Kind.Filter() -> filter(node);
            case Kind.Watched() -> watched(node);
            case Kind.Strings() -> strings(node);
            case Kind.Dependencies() -> PartsReader.dependencies(node);
            case Kind.Resources() -> PartsReader.resources(node);
        };
    }

    static String text(Node node, String expected) throws Unexpected {
        if (node instanceof Node.Text(String value, var at)) {
            if (value.indexOf('\0') >= 0) {
                throw new Unexpected(node, expected + " without a NUL character");
            }
            return value;
        }
        throw new Unexpected(node, expected);
    }

    static AppName name(Node node) throws Unexpected {
        String text = text(node, "a name");
        String problem = AppName.problemOf(text);
        if (problem != null) {
            throw new Unexpected(node, "another name (" + problem + ")");
        }
        return new AppName(text);
    }

    private static String identity(Node node) throws Unexpected {
        if (node instanceof Node.Whole(long value, var at) && value >= 0 && value <= 0xffff_fffeL) {
            return Long.toString(value);
        }
        String text = text(node, "a string or a number");
        if (text.isBlank()) {
            throw new Unexpected(node, "a string or a number");
        }
        return text;
    }

    private static List<String> words(Node node) throws Unexpected {
        if (node instanceof Node.Items(List<Node> values, var at)) {
            var words = new ArrayList<String>();
            for (Node value : values) {
                words.add(scalar(value, "a list of strings and numbers"));
            }
            return words;
        }
        if (node instanceof Node.Whole || node instanceof Node.Real) {
            return List.of(scalar(node, "a number"));
        }
        try {
            return CommandWords.split(text(node, "a string or a list of strings"));
        } catch (IllegalArgumentException unsplittable) {
            throw new Unexpected(node, "words (" + unsplittable.getMessage() + ")");
        }
    }

    /** Text, or a number or truth value as text. */
    static String scalar(Node node, String expected) throws Unexpected {
        return switch (node) {
            case Node.Text text -> text(text, expected);
            case Node.Whole(long value, var at) -> Long.toString(value);
            case Node.Real(double value, var at) -> NumberReader.plain(value);
            case Node.Flag(boolean value, var at) -> Boolean.toString(value);
            case Node.Nothing other -> throw new Unexpected(other, expected);
            case Node.Items other -> throw new Unexpected(other, expected);
            case Node.Members other -> throw new Unexpected(other, expected);
        };
    }

    static List<String> texts(Node node) throws Unexpected {
        String expected = "a string or a list of strings";
        if (node instanceof Node.Items(List<Node> values, var at)) {
            var texts = new ArrayList<String>();
            for (Node value : values) {
                texts.add(text(value, expected));
            }
            return texts;
        }
        return List.of(text(node, expected));
    }

    private static Boolean flag(Node node) throws Unexpected {
        return switch (node) {
            case Node.Flag(boolean value, var at) -> value;
            case Node.Text(String value, var at) when value.equals("true") -> true;
            case Node.Text(String value, var at) when value.equals("false") -> false;
            default -> throw new Unexpected(node, "true or false");
        };
    }

    static String choice(Node node, List<String> choices) throws Unexpected {
        String expected = "one of " + String.join(", ", choices);
        String text = text(node, expected);
        if (!choices.contains(text)) {
            throw new Unexpected(node, expected);
        }
        return text;
    }

    private static Set<Integer> exitCodes(Node node) throws Unexpected {
        var codes = new TreeSet<Integer>();
        List<Node> nodes = node instanceof Node.Items(List<Node> values, var at) ? values : List.of(node);
        for (Node one : nodes) {
            codes.add(NumberReader.whole(one, 0, 255).intValue());
        }
        return codes;
    }

    private static Set<String> signals(Node node) throws Unexpected {
        var names = new TreeSet<String>();
        List<Node> nodes = node instanceof Node.Items(List<Node> values, var at) ? values : List.of(node);
        for (Node one : nodes) {
            names.add(signal(one, DEADLY));
        }
        return names;
    }

    private static String signal(Node node, Set<String> known) throws Unexpected {
        String text = text(node, "a signal such as SIGTERM").toUpperCase(Locale.ROOT);
        String name = text.startsWith("SIG") ? text : "SIG" + text;
        if (!known.contains(name)) {
            throw new Unexpected(node, "a signal such as SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGUSR2");
        }
        return name;
    }

    static Map<String, Variable> variables(Node node) throws Unexpected {
        if (!(node instanceof Node.Members(Map<String, Node.Member> members, var at))) {
            throw new Unexpected(node, "an object of variables");
        }
        if (members.size() > MAX_VARIABLES) {
            throw new Unexpected(node, "at most " + MAX_VARIABLES + " variables");
        }
        var variables = new LinkedHashMap<String, Variable>();
        for (Map.Entry<String, Node.Member> member : members.entrySet()) {
            Node value = member.getValue().value();
            if (!isVariableName(member.getKey())) {
                throw new Unexpected(
                        new Node.Text(member.getKey(), member.getValue().nameAt()),
                        "the name of a variable, without '=' and NUL");
            }
            if (!(value instanceof Node.Nothing)) {
                variables.put(member.getKey(), new Variable(variable(value), value.at()));
            }
        }
        return variables;
    }

    /** Whether the kernel can hand on a variable of that name. */
    static boolean isVariableName(String name) {
        return !name.isEmpty() && name.indexOf('=') < 0 && name.indexOf('\0') < 0;
    }

    /** Objects and lists as JSON, as in PM2. */
    private static String variable(Node value) throws Unexpected {
        return switch (value) {
            case Node.Items items -> JsonText.of(items);
            case Node.Members members -> JsonText.of(members);
            default -> scalar(value, "a string, a number, true or false");
        };
    }

    private static List<String> filter(Node node) throws Unexpected {
        return node instanceof Node.Flag(boolean all, var at) ? (all ? List.of("*") : List.of()) : texts(node);
    }

    private static List<String> watched(Node node) throws Unexpected {
        return node instanceof Node.Flag(boolean on, var at) ? (on ? List.of(".") : List.of()) : texts(node);
    }

    static Map<String, String> strings(Node node) throws Unexpected {
        if (!(node instanceof Node.Members(Map<String, Node.Member> members, var at))) {
            throw new Unexpected(node, "an object of strings");
        }
        var strings = new LinkedHashMap<String, String>();
        for (Map.Entry<String, Node.Member> member : members.entrySet()) {
            strings.put(member.getKey(), scalar(member.getValue().value(), "an object of strings"));
        }
        return strings;
    }
}
