@NullMarked
package dev.bunctl.conf;

import org.jspecify.annotations.NullMarked;
