package dev.bunctl.conf.plan;

import dev.bunctl.conf.field.Change;

/**
 * One field in which two specifications of an app differ.
 *
 * @param field as in a configuration, with the variable's name for {@code env}
 * @param before how it is, secrets masked; empty for nothing
 * @param after how it is to be, secrets masked; empty for nothing
 * @param change what that takes
 */
public record Difference(String field, String before, String after, Change change) {}
