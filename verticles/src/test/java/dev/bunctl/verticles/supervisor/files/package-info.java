/** Tests of which files matter, on real folders. */
@NullMarked
package dev.bunctl.verticles.supervisor.files;

import org.jspecify.annotations.NullMarked;
