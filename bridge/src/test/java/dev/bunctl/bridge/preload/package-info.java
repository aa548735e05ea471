@NullMarked
package dev.bunctl.bridge.preload;

import org.jspecify.annotations.NullMarked;
