package dev.bunctl.conf.field;

import dev.bunctl.conf.tree.Location;

/**
 * One declared environment variable.
 *
 * @param value as written, numbers and truth values as text
 * @param at where
 */
public record Variable(String value, Location at) {}
