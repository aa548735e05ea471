/** What should run: application specifications and their parts. */
@NullMarked
package dev.bunctl.conf;

import org.jspecify.annotations.NullMarked;
