@NullMarked
package dev.bunctl.verticles.configuration;

import org.jspecify.annotations.NullMarked;
