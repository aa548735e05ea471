/** The one place that changes what the user wants, and asks the supervisors to make it so. */
@NullMarked
package dev.bunctl.verticles.control;

import org.jspecify.annotations.NullMarked;
