package dev.bunctl.conf.field;

import dev.bunctl.conf.tree.Location;
import dev.bunctl.conf.tree.Node;
import dev.bunctl.conf.tree.Problem;
import dev.bunctl.conf.tree.Problems;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads one app by the table of fields; everything that is wrong with it goes to the problems. */
public final class AppReader {
    private static final String ENVIRONMENT_PREFIX = "env_";

    private final Problems problems;
    private final Map<Field, Declared> fields = new EnumMap<>(Field.class);
    private final Map<String, Declared> environments = new TreeMap<>();

    private AppReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * Reads an app.
     *
     * @param expands whether <code>${NAME}</code> in its strings stands for a variable
     */
    public static DeclaredApp read(Node node, boolean expands, Problems problems) {
        var reader = new AppReader(problems);
        if (node instanceof Node.Members(Map<String, Node.Member> members, var at)) {
            reader.members("", members);
        } else {
            problems.invalid(node.at(), "an object with the fields of an app expected, not " + node.shown());
        }
        return new DeclaredApp(reader.fields, reader.environments, node.at(), expands);
    }

    /** Reads one value of a field that comes from elsewhere, an option of the command line for example. */
    public static Optional<Declared> readField(Field field, Node node, String writtenAs, Problems problems) {
        try {
            return Optional.of(new Declared(KindReader.read(field.kind(), node), node.at(), writtenAs));
        } catch (KindReader.Unexpected unexpected) {
            report(unexpected, writtenAs, problems);
            return Optional.empty();
        }
    }

    private void members(String prefix, Map<String, Node.Member> members) {
        members.forEach((name, member) -> member(prefix + name, member));
    }

    private void member(String name, Node.Member member) {
        Node value = member.value();
        if (value instanceof Node.Nothing) {
            return;
        }
        Optional<Field> field = FieldNames.find(name);
        if (value instanceof Node.Members(Map<String, Node.Member> inner, var at)
                && FieldNames.isObject(name)
                && !takesObject(field)) {
            members(name + ".", inner);
        } else if (field.isPresent()) {
            put(field.get(), name, member);
        } else if (isEnvironment(name)) {
            readField(Field.ENV, value, name, problems)
                    .ifPresent(read -> environments.put(name.substring(ENVIRONMENT_PREFIX.length()), read));
        } else {
            unknown(name, member);
        }
    }

    private static boolean takesObject(Optional<Field> field) {
        return field.isPresent() && field.get().kind() instanceof Kind.Dependencies;
    }

    private static boolean isEnvironment(String name) {
        return name.startsWith(ENVIRONMENT_PREFIX) && name.length() > ENVIRONMENT_PREFIX.length();
    }

    private void put(Field field, String name, Node.Member member) {
        Declared earlier = fields.get(field);
        if (earlier != null) {
            problems.invalid(
                    member.nameAt(),
                    "'" + name + "' and '" + earlier.writtenAs() + "' are one field: only one of them expected");
            return;
        }
        readField(field, member.value(), name, problems).ifPresent(read -> fields.put(field, read));
    }

    private void unknown(String name, Node.Member member) {
        Location at = member.nameAt();
        Optional<String> unused = FieldNames.whyUnused(name);
        if (unused.isPresent()) {
            problems.warning(at, "'" + name + "' has no meaning here: " + unused.get());
        } else if (FieldNames.isObject(name)) {
            problems.invalid(
                    at,
                    "'" + name + "': an object expected, not " + member.value().shown());
        } else {
            String advice = FieldNames.nearest(name)
                    .map(near -> "; did you mean '" + near + "'?")
                    .orElse("");
            problems.invalid(at, "unknown field '" + name + "'" + advice);
        }
    }

    private static void report(KindReader.Unexpected unexpected, String name, Problems problems) {
        Node node = unexpected.node();
        problems.mismatch(node.at(), new Problem.Mismatch(name, String.valueOf(unexpected.getMessage()), node.shown()));
    }
}
