@NullMarked
package dev.bunctl.verticles.log.frame;

import org.jspecify.annotations.NullMarked;
