package dev.bunctl.bridge.render;

import dev.bunctl.bridge.message.InstanceStatus;

/** Colours, or none. */
enum Paint {
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33");

    private final String code;

    Paint(String code) {
        this.code = code;
    }

    String on(String text, Presentation how) {
        return how.colours() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    static Paint of(InstanceStatus.State state) {
        return switch (state) {
            case ONLINE -> GREEN;
            case LAUNCHING, STOPPING, WAITING_RESTART -> YELLOW;
            case STOPPED -> DIM;
            case ERRORED -> RED;
        };
    }
}
