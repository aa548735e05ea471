package dev.bunctl.conf.resolve;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.bunctl.conf.field.AppReader;
import dev.bunctl.conf.field.Declared;
import dev.bunctl.conf.field.Field;
import dev.bunctl.conf.field.Variable;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Location;
import dev.bunctl.conf.tree.Node;
import dev.bunctl.conf.tree.Problems;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line says over the configuration.
 *
 * @param fields values in place of the configuration's
 * @param environment variables over all others ({@code --env NAME=value})
 * @param environmentName whose {@code env_<name>} is taken ({@code --env NAME})
 */
public record StartOptions(
        Map<Field, Declared> fields, Map<String, Variable> environment, Optional<String> environmentName) {
    public static final StartOptions NONE = new StartOptions(Map.of(), Map.of(), Optional.empty());

    public StartOptions {
        fields = Map.copyOf(fields);
        environment = Map.copyOf(environment);
    }

    /** Gathers options; all that are wrong are told at once. Not for several threads. */
    public static final class Builder {
        private final Problems problems = new Problems();
        private final Map<Field, Declared> fields = new EnumMap<>(Field.class);
        private final Map<String, Variable> environment = new LinkedHashMap<>();
        private Optional<String> environmentName = Optional.empty();

        /**
         * Gives a field a value.
         *
         * @param option as the user typed it, {@code --max-memory} for example
         */
        @CanIgnoreReturnValue
        public Builder set(String option, Field field, String value) {
            var node = new Node.Text(value, Location.of(option));
            AppReader.readField(field, node, field.key(), problems).ifPresent(read -> fields.put(field, read));
            return this;
        }

        /** Gives a field a list, arguments for example, with no word split. */
        @CanIgnoreReturnValue
        public Builder set(String option, Field field, List<String> values) {
            Location at = Location.of(option);
            var nodes = new ArrayList<Node>();
            values.forEach(value -> nodes.add(new Node.Text(value, at)));
            AppReader.readField(field, new Node.Items(nodes, at), field.key(), problems)
                    .ifPresent(read -> fields.put(field, read));
            return this;
        }

        /** Takes {@code --env}: a variable when there is a {@code =}, else the name of an environment. */
        @CanIgnoreReturnValue
        public Builder environment(String option, String value) {
            int equals = value.indexOf('=');
            if (equals < 0) {
                environmentName = Optional.of(value);
            } else if (equals == 0 || value.indexOf('\0') >= 0) {
                problems.invalid(Location.of(option), "NAME=value or the name of an environment expected");
            } else {
                environment.put(
                        value.substring(0, equals), new Variable(value.substring(equals + 1), Location.of(option)));
            }
            return this;
        }

        public StartOptions build() throws ConfigException {
            problems.refuse();
            return new StartOptions(fields, environment, environmentName);
        }
    }
}
