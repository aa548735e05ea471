/** Reading and following log files. */
@NullMarked
package dev.bunctl.verticles.log.read;

import org.jspecify.annotations.NullMarked;
