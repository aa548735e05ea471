package dev.bunctl.conf.init;

import dev.bunctl.conf.Dependency;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.field.Declared;
import dev.bunctl.conf.field.DeclaredApp;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.field.Kind;
import dev.bunctl.conf.field.Variable;
import dev.bunctl.conf.tree.HumanUnits;
import dev.bunctl.conf.tree.Location;
import dev.bunctl.conf.tree.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Declared apps as a tree again, every field under its first name. */
final class AppWriter {
    private static final Location NOWHERE = Location.of("");

    /** Whether the form that is written fills in variables. */
    private final boolean expands;

    /** Whether the app was read from one that does. */
    private final boolean expanded;

    private AppWriter(boolean expands, boolean expanded) {
        this.expands = expands;
        this.expanded = expanded;
    }

    static Node root(List<DeclaredApp> apps, boolean watched, boolean expands) {
        List<Node> nodes = new ArrayList<>();
        apps.forEach(app -> nodes.add(new AppWriter(expands, app.expands()).app(app)));
        var members = new LinkedHashMap<String, Node.Member>();
        members.put("apps", member(new Node.Items(nodes, NOWHERE)));
        if (watched) {
            members.put("watch_config", member(new Node.Flag(true, NOWHERE)));
        }
        return new Node.Members(members, NOWHERE);
    }

    private static Node.Member member(Node node) {
        return new Node.Member(NOWHERE, node);
    }

    private Node app(DeclaredApp app) {
        var members = new LinkedHashMap<String, Node.Member>();
        var groups = new LinkedHashMap<String, Map<String, Node.Member>>();
        app.fields().forEach((field, declared) -> {
            Node.Member member = member(value(field.kind(), declared.value()));
            int point = field.key().indexOf('.');
            if (point < 0) {
                members.put(field.key(), member);
            } else {
                groups.computeIfAbsent(field.key().substring(0, point), group -> new LinkedHashMap<>())
                        .put(field.key().substring(point + 1), member);
            }
        });
        groups.forEach((group, inner) -> members.put(group, member(new Node.Members(inner, NOWHERE))));
        app.environments().forEach((name, declared) -> members.put("env_" + name, member(variables(declared))));
        return new Node.Members(members, NOWHERE);
    }

    private Node variables(Declared declared) {
        return value(Field.ENV.kind(), declared.value());
    }

    private Node value(Kind kind, Object value) {
        return switch (value) {
            case Boolean flag -> new Node.Flag(flag, NOWHERE);
            case Double number -> new Node.Real(number, NOWHERE);
            case Integer number -> new Node.Whole(number, NOWHERE);
            case Long number -> number(kind, number);
            case Duration time -> literal(HumanUnits.show(time));
            case Variable variable -> text(variable.value());
            case Dependency dependency -> dependency(dependency);
            case Limits.Resource resource -> literal(amount(resource.soft()) + ":" + amount(resource.hard()));
            case Collection<?> values when kind instanceof Kind.Resources -> resources(values);
            case Collection<?> values
            when kind instanceof Kind.Filter && values.contains("*") -> new Node.Flag(true, NOWHERE);
            case Collection<?> values
            when kind instanceof Kind.Watched && values.isEmpty() -> new Node.Flag(false, NOWHERE);
            case Collection<?> values -> items(kind, values);
            case Map<?, ?> map -> members(kind, map);
            default -> text(value.toString());
        };
    }

    private static Node number(Kind kind, long number) {
        return switch (kind) {
            case Kind.Size() -> literal(HumanUnits.show(number));
            case Kind.Mask() -> literal("0" + Long.toOctalString(number));
            case Kind.InstanceCount() when number == 0 -> literal("max");
            default -> new Node.Whole(number, NOWHERE);
        };
    }

    private static String amount(long number) {
        return number < 0 ? "unlimited" : Long.toString(number);
    }

    private static Node dependency(Dependency dependency) {
        var members = new LinkedHashMap<String, Node.Member>();
        members.put("app", member(literal(dependency.app().value())));
        members.put("condition", member(literal(dependency.condition().name().toLowerCase(Locale.ROOT))));
        return new Node.Members(members, NOWHERE);
    }

    private Node resources(Collection<?> resources) {
        var members = new LinkedHashMap<String, Node.Member>();
        for (Object resource : resources) {
            if (resource instanceof Limits.Resource limit) {
                members.put(limit.name(), member(value(Kind.text(), limit)));
            }
        }
        return new Node.Members(members, NOWHERE);
    }

    private Node items(Kind kind, Collection<?> values) {
        List<Node> items = new ArrayList<>();
        values.forEach(value -> items.add(value(kind, value)));
        return new Node.Items(items, NOWHERE);
    }

    private Node members(Kind kind, Map<?, ?> map) {
        var members = new LinkedHashMap<String, Node.Member>();
        map.forEach((name, value) -> members.put(String.valueOf(name), member(value(kind, value))));
        return new Node.Members(members, NOWHERE);
    }

    private static Node literal(String text) {
        return new Node.Text(text, NOWHERE);
    }

    /** What is literal in one form and would be filled in in the other is escaped. */
    private Node text(String text) {
        return literal(expands && !expanded ? text.replace("${", "$${") : text);
    }
}
