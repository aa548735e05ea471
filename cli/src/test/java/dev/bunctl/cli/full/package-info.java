@NullMarked
package dev.bunctl.cli.full;

import org.jspecify.annotations.NullMarked;
