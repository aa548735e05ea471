@NullMarked
package dev.bunctl.verticles.cluster;

import org.jspecify.annotations.NullMarked;
