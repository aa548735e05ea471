package dev.bunctl.verticles.control;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.os.api.Processes.Survivor;
import java.util.List;

/**
 * What a supervisor is made from.
 *
 * @param number of the instance within its app
 * @param survivors processes of this instance that a former daemon left, oldest generation first
 * @param wanted whether the user wants it to run
 */
public record Assignment(AppSpec spec, int number, List<Survivor> survivors, boolean wanted) {
    public Assignment {
        survivors = List.copyOf(survivors);
    }

    /** {@code api:0}. */
    public String instance() {
        return spec.name().value() + ":" + number;
    }
}
