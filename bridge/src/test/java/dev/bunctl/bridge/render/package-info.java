@NullMarked
package dev.bunctl.bridge.render;

import org.jspecify.annotations.NullMarked;
