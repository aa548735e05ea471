/** Which files of an app matter, and what happens to them. */
@NullMarked
package dev.bunctl.verticles.supervisor.files;

import org.jspecify.annotations.NullMarked;
