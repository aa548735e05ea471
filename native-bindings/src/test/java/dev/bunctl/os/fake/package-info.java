/** A platform of no machine at all: deterministic, driven by hand, the same contract as the real ones. */
@NullMarked
package dev.bunctl.os.fake;

import org.jspecify.annotations.NullMarked;
