@NullMarked
package dev.bunctl.conf.tree;

import org.jspecify.annotations.NullMarked;
