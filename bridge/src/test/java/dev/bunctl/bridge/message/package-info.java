@NullMarked
package dev.bunctl.bridge.message;

import org.jspecify.annotations.NullMarked;
