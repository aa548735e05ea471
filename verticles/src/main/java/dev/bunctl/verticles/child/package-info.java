/** Programs that the daemon runs once for itself, as children of the guard. On the event loop. */
@NullMarked
package dev.bunctl.verticles.child;

import org.jspecify.annotations.NullMarked;
