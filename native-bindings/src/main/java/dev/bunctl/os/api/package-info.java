/** What the daemon asks of an operating system, in words that belong to none. */
@NullMarked
package dev.bunctl.os.api;

import org.jspecify.annotations.NullMarked;
