/** Lays out the distribution at package time. No part of what users run. */
@NullMarked
package dev.bunctl.cli.dist;

import org.jspecify.annotations.NullMarked;
