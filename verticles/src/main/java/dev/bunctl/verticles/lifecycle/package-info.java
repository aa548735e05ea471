/**
 * What becomes of one instance, decided without a clock, a random number, an operating system or an event loop: all of
 * them are parameters. {@link dev.bunctl.verticles.lifecycle.Lifecycle} is the whole of it.
 */
@NullMarked
package dev.bunctl.verticles.lifecycle;

import org.jspecify.annotations.NullMarked;
