@NullMarked
package dev.bunctl.cli.full.remote;

import org.jspecify.annotations.NullMarked;
