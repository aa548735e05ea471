/** How readiness, health and memory of a running process are looked after. */
@NullMarked
package dev.bunctl.verticles.supervisor.watch;

import org.jspecify.annotations.NullMarked;
