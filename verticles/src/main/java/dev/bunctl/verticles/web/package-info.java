/** The web page's server: files of the page, login, the SockJS bridge, metrics and health. Loaded only while it is open. */
@NullMarked
package dev.bunctl.verticles.web;

import org.jspecify.annotations.NullMarked;
