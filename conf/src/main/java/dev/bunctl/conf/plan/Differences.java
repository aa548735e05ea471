package dev.bunctl.conf.plan;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.EnvironmentMask;
import dev.bunctl.conf.field.Field;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Compares two specifications field by field, in the form that the codec gives them. */
final class Differences {
    private Differences() {}

    static List<Difference> between(AppSpec before, AppSpec after) {
        var found = new ArrayList<Difference>();
        Map<String, Object> old = SpecFields.flat(before);
        Map<String, Object> wanted = SpecFields.flat(after);
        Set<String> paths = new LinkedHashSet<>(old.keySet());
        paths.addAll(wanted.keySet());
        for (String path : paths) {
            Object is = old.get(path);
            Object isToBe = wanted.get(path);
            if (!Objects.equals(is, isToBe)) {
                Field field = SpecFields.field(path);
                found.add(new Difference(
                        SpecFields.name(field, path),
                        SpecFields.shown(path, is),
                        SpecFields.shown(path, isToBe),
                        field.change()));
            }
        }
        environment(before.environment(), after.environment(), found);
        return found;
    }

    private static void environment(Map<String, String> before, Map<String, String> after, List<Difference> found) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            Optional<String> is = Optional.ofNullable(before.get(name));
            Optional<String> isToBe = Optional.ofNullable(after.get(name));
            if (!is.equals(isToBe)) {
                found.add(new Difference(
                        "env." + name,
                        is.map(value -> EnvironmentMask.masked(name, value)).orElse(""),
                        isToBe.map(value -> EnvironmentMask.masked(name, value)).orElse(""),
                        Field.ENV.change()));
            }
        }
    }
}
