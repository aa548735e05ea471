@NullMarked
package dev.bunctl.verticles.threads;

import org.jspecify.annotations.NullMarked;
