@NullMarked
package dev.bunctl.conf.resolve;

import org.jspecify.annotations.NullMarked;
