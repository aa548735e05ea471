@NullMarked
package dev.bunctl.verticles.log;

import org.jspecify.annotations.NullMarked;
