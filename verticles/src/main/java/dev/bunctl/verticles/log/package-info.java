/** The output of apps: collecting, files, rotation, reading and following. */
@NullMarked
package dev.bunctl.verticles.log;

import org.jspecify.annotations.NullMarked;
