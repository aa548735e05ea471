@NullMarked
package dev.bunctl.conf.unit;

import org.jspecify.annotations.NullMarked;
