package dev.bunctl.conf.field;

import dev.bunctl.conf.tree.Location;

/**
 * A value given to a field.
 *
 * @param value of the type that the field's {@link Kind} says
 * @param at where it stands
 * @param writtenAs the name that was used for the field there, an alias perhaps
 */
public record Declared(Object value, Location at, String writtenAs) {}
