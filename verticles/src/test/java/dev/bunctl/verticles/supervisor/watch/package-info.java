@NullMarked
package dev.bunctl.verticles.supervisor.watch;

import org.jspecify.annotations.NullMarked;
