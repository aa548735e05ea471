/** Configuration text as a tree that knows where each value stands. */
@NullMarked
package dev.bunctl.conf.tree;

import org.jspecify.annotations.NullMarked;
