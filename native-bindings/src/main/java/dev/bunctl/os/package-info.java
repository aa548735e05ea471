/** The way to the operating system: {@link dev.bunctl.os.Platforms} picks one, {@code api} says what it does. */
@NullMarked
package dev.bunctl.os;

import org.jspecify.annotations.NullMarked;
