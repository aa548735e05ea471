@NullMarked
package dev.bunctl.conf.source;

import org.jspecify.annotations.NullMarked;
