/** Configurations that are applied when they are saved. On the event loop, but for the wait for file events. */
@NullMarked
package dev.bunctl.verticles.configuration;

import org.jspecify.annotations.NullMarked;
