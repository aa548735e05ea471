/** {@code bunctl doctor}: looks at the host and the home, with the caller's rights and without a daemon. */
@NullMarked
package dev.bunctl.cli.doctor;

import org.jspecify.annotations.NullMarked;
