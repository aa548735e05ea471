@NullMarked
package dev.bunctl.verticles.state;

import org.jspecify.annotations.NullMarked;
