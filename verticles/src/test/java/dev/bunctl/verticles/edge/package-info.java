@NullMarked
package dev.bunctl.verticles.edge;

import org.jspecify.annotations.NullMarked;
