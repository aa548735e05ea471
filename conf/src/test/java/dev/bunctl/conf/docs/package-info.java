@NullMarked
package dev.bunctl.conf.docs;

import org.jspecify.annotations.NullMarked;
