@NullMarked
package dev.bunctl.verticles.main;

import org.jspecify.annotations.NullMarked;
