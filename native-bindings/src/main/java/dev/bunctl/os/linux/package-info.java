/**
 * Linux behind {@link dev.bunctl.os.api}: the guard's protocol, one epoll thread, FIFOs and {@code /proc}.
 *
 * <p>{@link dev.bunctl.os.linux.LinuxPlatform} is the way in. Everything that waits, waits in
 * {@link dev.bunctl.os.linux.NativeLoop}; nothing polls.
 */
@NullMarked
package dev.bunctl.os.linux;

import org.jspecify.annotations.NullMarked;
