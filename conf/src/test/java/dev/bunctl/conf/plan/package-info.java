@NullMarked
package dev.bunctl.conf.plan;

import org.jspecify.annotations.NullMarked;
