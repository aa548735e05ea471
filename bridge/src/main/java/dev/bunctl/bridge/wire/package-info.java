/**
 * Frames and JSON, and the words both ends agree on. Needs nothing but java.base, and starts fast in an interpreter: the
 * command line's thin client is made of it.
 */
@NullMarked
package dev.bunctl.bridge.wire;

import org.jspecify.annotations.NullMarked;
