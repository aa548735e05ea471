@NullMarked
package dev.bunctl.conf.field;

import org.jspecify.annotations.NullMarked;
