@NullMarked
package dev.bunctl.bridge.command;

import org.jspecify.annotations.NullMarked;
