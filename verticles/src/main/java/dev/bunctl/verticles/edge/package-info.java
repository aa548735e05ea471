/** The public addresses: limits, roles, parsing and rendering in one place, in front of everything inside. */
@NullMarked
package dev.bunctl.verticles.edge;

import org.jspecify.annotations.NullMarked;
