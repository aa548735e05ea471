package dev.bunctl.verticles.lifecycle;

import java.util.List;

/**
 * What follows from one event.
 *
 * @param next the new state
 * @param effects what is to be done then, in this order
 */
public record Step(Slot next, List<Effect> effects) {
    public Step {
        effects = List.copyOf(effects);
    }
}
