/** The first configuration of a project: found out, written, and ready to start. */
@NullMarked
package dev.bunctl.conf.init;

import org.jspecify.annotations.NullMarked;
