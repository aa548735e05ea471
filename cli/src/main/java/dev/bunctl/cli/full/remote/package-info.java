/** The way to a daemon of another host: who it is, who we are, and a link between. */
@NullMarked
package dev.bunctl.cli.full.remote;

import org.jspecify.annotations.NullMarked;
