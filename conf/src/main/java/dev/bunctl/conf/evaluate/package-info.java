/** Configurations that are programs: who runs them, and how. */
@NullMarked
package dev.bunctl.conf.evaluate;

import org.jspecify.annotations.NullMarked;
