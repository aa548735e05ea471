/** Where configurations are found and in which formats they are read. */
@NullMarked
package dev.bunctl.conf.source;

import org.jspecify.annotations.NullMarked;
