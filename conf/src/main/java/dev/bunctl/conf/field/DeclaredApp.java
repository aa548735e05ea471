package dev.bunctl.conf.field;

import dev.bunctl.conf.tree.Location;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An app as a configuration gives it: values of the right kind, nothing resolved.
 *
 * @param fields what was given
 * @param environments the variables of each {@code env_<name>}, by that name
 * @param at where the app stands
 * @param expands whether <code>${NAME}</code> in its strings stands for a variable
 */
public record DeclaredApp(
        Map<Field, Declared> fields, Map<String, Declared> environments, Location at, boolean expands) {
    public DeclaredApp {
        fields = fields.isEmpty() ? Map.of() : java.util.Collections.unmodifiableMap(new EnumMap<>(fields));
        environments = java.util.Collections.unmodifiableMap(new TreeMap<>(environments));
    }

    public Optional<Declared> get(Field field) {
        return Optional.ofNullable(fields.get(field));
    }

    public boolean has(Field field) {
        return fields.containsKey(field);
    }

    /** Where a field was given, or the app itself. */
    public Location at(Field field) {
        Declared declared = fields.get(field);
        return declared == null ? at : declared.at();
    }

    /** The value of a field whose kind gives {@code type}. */
    public <T> Optional<T> value(Field field, Class<T> type) {
        Declared declared = fields.get(field);
        return declared == null ? Optional.empty() : Optional.of(type.cast(declared.value()));
    }

    /** The value of a field whose kind gives a list of strings; none when it was not given. */
    public List<String> texts(Field field) {
        return value(field, List.class).map(DeclaredApp::<String>elements).orElse(List.of());
    }

    /** The value of a field whose kind gives a list of {@code T}; none when it was not given. */
    @SuppressWarnings("unchecked")
    public static <T> List<T> elements(List<?> list) {
        return (List<T>) list;
    }

    /** The variables of a declared value of the kind {@link Kind.Variables}. */
    @SuppressWarnings("unchecked")
    public static Map<String, Variable> variables(Declared declared) {
        return (Map<String, Variable>) declared.value();
    }

    /** This app with the fields of {@code over} in place of its own. */
    public DeclaredApp with(Map<Field, Declared> over) {
        var merged = new EnumMap<Field, Declared>(Field.class);
        merged.putAll(fields);
        merged.putAll(over);
        return new DeclaredApp(merged, environments, at, expands);
    }
}
