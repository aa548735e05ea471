/** From pipes to files. */
@NullMarked
package dev.bunctl.verticles.log.collect;

import org.jspecify.annotations.NullMarked;
