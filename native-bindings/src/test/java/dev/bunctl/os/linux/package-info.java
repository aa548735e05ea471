/** Linux, tested on the kernel this runs on. */
@NullMarked
package dev.bunctl.os.linux;

import org.jspecify.annotations.NullMarked;
