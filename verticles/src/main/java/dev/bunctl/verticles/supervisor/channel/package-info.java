/** The sockets over which programs say that they are ready, and are told to end. */
@NullMarked
package dev.bunctl.verticles.supervisor.channel;

import org.jspecify.annotations.NullMarked;
