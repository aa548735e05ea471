/** Tokens: who may ask for what without sitting on this host. Pure. */
@NullMarked
package dev.bunctl.bridge.access;

import org.jspecify.annotations.NullMarked;
