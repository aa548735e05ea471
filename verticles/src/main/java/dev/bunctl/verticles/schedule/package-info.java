/** Times that come again and again. Pure. */
@NullMarked
package dev.bunctl.verticles.schedule;

import org.jspecify.annotations.NullMarked;
