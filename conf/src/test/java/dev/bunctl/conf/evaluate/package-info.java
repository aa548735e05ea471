@NullMarked
package dev.bunctl.conf.evaluate;

import org.jspecify.annotations.NullMarked;
