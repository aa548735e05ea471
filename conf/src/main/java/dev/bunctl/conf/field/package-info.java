/** The fields of an app in a configuration: one table that drives reading, advice, the JSON schema and the docs. */
@NullMarked
package dev.bunctl.conf.field;

import org.jspecify.annotations.NullMarked;
