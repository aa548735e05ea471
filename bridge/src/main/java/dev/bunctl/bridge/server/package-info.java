/** The event-bus bridge's server: the standard Vert.x TCP bridge protocol, with limits, over Unix sockets and TCP. */
@NullMarked
package dev.bunctl.bridge.server;

import org.jspecify.annotations.NullMarked;
