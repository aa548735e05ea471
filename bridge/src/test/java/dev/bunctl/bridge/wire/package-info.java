@NullMarked
package dev.bunctl.bridge.wire;

import org.jspecify.annotations.NullMarked;
