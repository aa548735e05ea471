@NullMarked
package dev.bunctl.verticles.web;

import org.jspecify.annotations.NullMarked;
