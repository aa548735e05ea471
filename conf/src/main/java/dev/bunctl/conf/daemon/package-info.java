/** How the daemon itself is reached: {@code daemon.json} in its home. */
@NullMarked
package dev.bunctl.conf.daemon;

import org.jspecify.annotations.NullMarked;
