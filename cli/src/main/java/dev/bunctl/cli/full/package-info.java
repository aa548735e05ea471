/** The client for commands that read the user's files, with the user's rights, folder and environment. */
@NullMarked
package dev.bunctl.cli.full;

import org.jspecify.annotations.NullMarked;
