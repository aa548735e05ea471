/** The form of a specification on the wire and in the state file: JSON objects as plain maps. */
@NullMarked
package dev.bunctl.conf.codec;

import org.jspecify.annotations.NullMarked;
