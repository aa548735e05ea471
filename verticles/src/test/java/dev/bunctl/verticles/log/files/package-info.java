@NullMarked
package dev.bunctl.verticles.log.files;

import org.jspecify.annotations.NullMarked;
