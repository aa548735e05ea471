@NullMarked
package dev.bunctl.bridge.testing;

import org.jspecify.annotations.NullMarked;
