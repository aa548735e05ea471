/**
 * The client for every command that touches only the daemon: it sends the words and prints what comes back. Made to start
 * fast, so without lambdas, string templates and regular expressions, each of which loads dozens of classes.
 */
@NullMarked
package dev.bunctl.cli.thin;

import org.jspecify.annotations.NullMarked;
