/** The units by which systemd starts bunctl with the host. */
@NullMarked
package dev.bunctl.conf.unit;

import org.jspecify.annotations.NullMarked;
