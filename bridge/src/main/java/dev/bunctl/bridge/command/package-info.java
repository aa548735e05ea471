/** The command line: one table of commands from which parser, help, completion and reference are made. Pure. */
@NullMarked
package dev.bunctl.bridge.command;

import org.jspecify.annotations.NullMarked;
