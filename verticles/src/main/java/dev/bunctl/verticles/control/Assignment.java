package dev.bunctl.verticles.control;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.os.api.Processes.Survivor;
import java.util.List;

/**
 * What a supervisor is made from.
 *
 * @param number of the instance within its app
 * @param survivors processes of this instance that a former daemon left, oldest generation first
 * @param running whether it begins by seeing to it that the instance runs; otherwise it waits for a command
 */
public record Assignment(AppSpec spec, int number, List<Survivor> survivors, boolean running) {
    public Assignment {
        survivors = List.copyOf(survivors);
    }

    /** {@code api:0}. */
    public String instance() {
        return spec.name().value() + ":" + number;
    }
}
