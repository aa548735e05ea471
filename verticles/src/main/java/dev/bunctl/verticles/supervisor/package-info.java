/** One verticle for each instance: it carries out what {@link dev.bunctl.verticles.lifecycle.Lifecycle} decides. */
@NullMarked
package dev.bunctl.verticles.supervisor;

import org.jspecify.annotations.NullMarked;
