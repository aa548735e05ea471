package dev.bunctl.verticles.control;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.verticles.state.DesiredApp;
import dev.bunctl.verticles.state.DesiredInstance;

/** One instance that a command is for, with the specification it is to have. */
record Target(AppSpec spec, DesiredInstance instance) {
    static Target of(DesiredApp app, DesiredInstance instance) {
        return new Target(app.spec(), instance);
    }

    /** {@code api:0}. */
    String name() {
        return spec.name().value() + ":" + instance.number();
    }
}
