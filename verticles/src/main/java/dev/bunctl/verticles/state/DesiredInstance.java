package dev.bunctl.verticles.state;

/**
 * One slot of an app, as the user wants it.
 *
 * @param id short number for the command line, never given to another instance while the state lives
 * @param number of the instance within its app, from 0
 */
public record DesiredInstance(int id, int number, Intent intent) {
    public DesiredInstance {
        if (id < 0 || number < 0) {
            throw new IllegalArgumentException("id and number from 0 expected");
        }
    }

    DesiredInstance with(Intent other) {
        return new DesiredInstance(id, number, other);
    }
}
