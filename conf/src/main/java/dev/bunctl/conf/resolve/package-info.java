/** From what a configuration says to what is to run: environments, programs, paths and defaults. */
@NullMarked
package dev.bunctl.conf.resolve;

import org.jspecify.annotations.NullMarked;
