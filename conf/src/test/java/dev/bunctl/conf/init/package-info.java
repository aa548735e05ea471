@NullMarked
package dev.bunctl.conf.init;

import org.jspecify.annotations.NullMarked;
