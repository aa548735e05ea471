/** What the daemon's verticles say to each other: immutable records on internal addresses. */
@NullMarked
package dev.bunctl.verticles.internal;

import org.jspecify.annotations.NullMarked;
