/** Puts the daemon together, and takes it apart. */
@NullMarked
package dev.bunctl.verticles.main;

import org.jspecify.annotations.NullMarked;
