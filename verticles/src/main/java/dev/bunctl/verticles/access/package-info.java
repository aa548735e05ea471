/** Who reaches this daemon, by what road, and what they did there: settings, tokens, certificate, listener, audit. */
@NullMarked
package dev.bunctl.verticles.access;

import org.jspecify.annotations.NullMarked;
