/** What it takes to get from what runs to what a configuration wants. */
@NullMarked
package dev.bunctl.conf.plan;

import org.jspecify.annotations.NullMarked;
