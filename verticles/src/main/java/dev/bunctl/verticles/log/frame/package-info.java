/** Lines: how bytes are cut into them and how they are written. Pure. */
@NullMarked
package dev.bunctl.verticles.log.frame;

import org.jspecify.annotations.NullMarked;
