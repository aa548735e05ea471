@NullMarked
package dev.bunctl.verticles.lifecycle;

import org.jspecify.annotations.NullMarked;
