package dev.bunctl.verticles.control;

/** An instance that a command has taken the turn of, so that what earlier commands want otherwise of it is void. */
interface Turn {
    Target target();

    /** {@code api:0}. */
    default String name() {
        return target().name();
    }
}
