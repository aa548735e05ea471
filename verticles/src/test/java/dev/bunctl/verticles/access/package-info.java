@NullMarked
package dev.bunctl.verticles.access;

import org.jspecify.annotations.NullMarked;
