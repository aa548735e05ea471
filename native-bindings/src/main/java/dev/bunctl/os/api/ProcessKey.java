package dev.bunctl.os.api;

/**
 * Names one process the daemon owns: one generation in one slot.
 *
 * @param instance the slot, {@code app:number}, 1 to {@value #MAX_INSTANCE_BYTES} bytes of UTF-8
 * @param generation counts the processes of that slot, from 1
 */
public record ProcessKey(String instance, int generation) {
    public static final int MAX_INSTANCE_BYTES = 160;

    public ProcessKey {
        if (instance.isEmpty()
                || instance.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_INSTANCE_BYTES) {
            throw new IllegalArgumentException("instance name of 1 to " + MAX_INSTANCE_BYTES + " bytes expected");
        }
        if (generation < 1) {
            throw new IllegalArgumentException("generation from 1 expected, not " + generation);
        }
    }

    @Override
    public String toString() {
        return instance + "#" + generation;
    }
}
