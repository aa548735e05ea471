@NullMarked
package dev.bunctl.verticles.control;

import org.jspecify.annotations.NullMarked;
