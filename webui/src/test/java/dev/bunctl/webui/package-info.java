@NullMarked
package dev.bunctl.webui;

import org.jspecify.annotations.NullMarked;
