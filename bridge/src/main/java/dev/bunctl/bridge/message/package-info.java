/** Commands, answers and events as immutable records, and their JSON. */
@NullMarked
package dev.bunctl.bridge.message;

import org.jspecify.annotations.NullMarked;
