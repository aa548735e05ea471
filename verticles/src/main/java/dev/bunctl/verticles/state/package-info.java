/** What the user wants, kept so that neither a crash nor a full disk can lose it. */
@NullMarked
package dev.bunctl.verticles.state;

import org.jspecify.annotations.NullMarked;
