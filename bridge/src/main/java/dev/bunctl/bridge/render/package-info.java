/** Answers as text for people, or JSON for programs. Pure. */
@NullMarked
package dev.bunctl.bridge.render;

import org.jspecify.annotations.NullMarked;
