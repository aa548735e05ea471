@NullMarked
package dev.bunctl.bridge.server;

import org.jspecify.annotations.NullMarked;
