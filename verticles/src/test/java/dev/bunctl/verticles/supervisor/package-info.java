@NullMarked
package dev.bunctl.verticles.supervisor;

import org.jspecify.annotations.NullMarked;
