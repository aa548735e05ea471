package dev.bunctl.conf.tree;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value and where it stands. */
public sealed interface Node {
    Location at();

    /** How the value is called in a message, such as {@code 'fast'} or {@code a list}. */
    String shown();

    record Text(String value, Location at) implements Node {
        private static final int SHOWN = 40;

        @Override
        public String shown() {
            if (value.length() > SHOWN) {
                return "'" + printable(value.substring(0, SHOWN)) + "…' (" + value.length() + " characters)";
            }
            return "'" + printable(value) + "'";
        }

        private static String printable(String text) {
            var printable = new StringBuilder();
            for (int at = 0; at < text.length(); at++) {
                char c = text.charAt(at);
                printable.append(Character.isISOControl(c) ? String.format("\\u%04x", (int) c) : c);
            }
            return printable.toString();
        }
    }

    record Whole(long value, Location at) implements Node {
        @Override
        public String shown() {
            return Long.toString(value);
        }
    }

    record Real(double value, Location at) implements Node {
        @Override
        public String shown() {
            return Double.toString(value);
        }
    }

    record Flag(boolean value, Location at) implements Node {
        @Override
        public String shown() {
            return Boolean.toString(value);
        }
    }

    record Nothing(Location at) implements Node {
        @Override
        public String shown() {
            return "null";
        }
    }

    record Items(List<Node> values, Location at) implements Node {
        public Items {
            values = List.copyOf(values);
        }

        @Override
        public String shown() {
            return "a list";
        }
    }

    /** An object; its members keep the order of the text. */
    record Members(Map<String, Member> values, Location at) implements Node {
        public Members {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }

        /** The value of a member. */
        public Optional<Node> value(String name) {
            Member member = values.get(name);
            return member == null ? Optional.empty() : Optional.of(member.value());
        }

        @Override
        public String shown() {
            return "an object";
        }
    }

    /**
     * One member of an object.
     *
     * @param nameAt where its name stands
     */
    record Member(Location nameAt, Node value) {}
}
