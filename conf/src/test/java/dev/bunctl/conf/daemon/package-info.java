@NullMarked
package dev.bunctl.conf.daemon;

import org.jspecify.annotations.NullMarked;
