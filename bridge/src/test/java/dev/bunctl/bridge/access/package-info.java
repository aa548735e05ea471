@NullMarked
package dev.bunctl.bridge.access;

import org.jspecify.annotations.NullMarked;
