package dev.bunctl.conf.source;

import dev.bunctl.conf.field.AppReader;
import dev.bunctl.conf.field.DeclaredApp;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.ConfigLimits;
import dev.bunctl.conf.tree.Location;
import dev.bunctl.conf.tree.Node;
import dev.bunctl.conf.tree.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads a whole configuration: {@code {"apps": […]}}, a bare list of apps, or one app.
 *
 * @param apps in their order
 * @param watched what {@code watch_config} says
 */
record RootReader(List<DeclaredApp> apps, boolean watched) {
    static RootReader read(Node root, boolean expands, Problems problems) throws ConfigException {
        List<Node> apps = new ArrayList<>();
        boolean watched = false;
        switch (root) {
            case Node.Items(List<Node> values, var at) -> apps.addAll(values);
            case Node.Members members
            when members.values().containsKey("apps") -> {
                watched = others(members, problems);
                members.value("apps").ifPresent(value -> apps.addAll(list(value)));
            }
            case Node.Members app -> apps.add(app);
            default ->
                throw ConfigException.invalid(root.at(), "an object or a list of apps expected, not " + root.shown());
        }
        return new RootReader(declared(root.at(), apps, expands, problems), watched);
    }

    private static List<Node> list(Node apps) {
        return apps instanceof Node.Items(List<Node> values, var at) ? values : List.of(apps);
    }

    private static List<DeclaredApp> declared(Location at, List<Node> apps, boolean expands, Problems problems)
            throws ConfigException {
        if (apps.isEmpty()) {
            throw ConfigException.invalid(at, "at least one app expected, not an empty list");
        }
        if (apps.size() > ConfigLimits.MAX_APPS) {
            throw ConfigException.invalid(
                    at, "at most " + ConfigLimits.MAX_APPS + " apps expected, not " + apps.size());
        }
        var declared = new ArrayList<DeclaredApp>();
        for (Node app : apps) {
            declared.add(AppReader.read(app, expands, problems));
        }
        return declared;
    }

    private static boolean others(Node.Members root, Problems problems) {
        boolean watched = false;
        for (Map.Entry<String, Node.Member> member : root.values().entrySet()) {
            Node value = member.getValue().value();
            switch (member.getKey()) {
                case "apps", "$schema" -> {}
                case "watch_config" -> {
                    if (value instanceof Node.Flag(boolean on, var at)) {
                        watched = on;
                    } else {
                        problems.invalid(value.at(), "'watch_config': true or false expected, not " + value.shown());
                    }
                }
                case "deploy", "module" ->
                    problems.warning(
                            member.getValue().nameAt(),
                            "'" + member.getKey() + "' has no meaning here: it is left alone");
                default ->
                    problems.invalid(
                            member.getValue().nameAt(),
                            "unknown field '" + member.getKey()
                                    + "' beside 'apps'; 'watch_config' expected, or a field of"
                                    + " an app inside 'apps'");
            }
        }
        return watched;
    }
}
