@NullMarked
package dev.bunctl.conf.codec;

import org.jspecify.annotations.NullMarked;
