package dev.bunctl.conf;

import java.util.List;
import java.util.Optional;

/**
 * Who an app runs as.
 *
 * @param user name or number
 * @param group name or number, or empty for the user's own
 * @param noNewPrivileges whether it may never gain privileges; on unless said otherwise
 * @param capabilities privileges it keeps, all others are dropped
 */
public record RunAs(String user, Optional<String> group, boolean noNewPrivileges, List<String> capabilities) {
    public RunAs {
        capabilities = List.copyOf(capabilities);
    }
}
