/** Threads for work that blocks, on a host that may have none to give. */
@NullMarked
package dev.bunctl.verticles.threads;

import org.jspecify.annotations.NullMarked;
