@NullMarked
package dev.bunctl.verticles.log.bench;

import org.jspecify.annotations.NullMarked;
