package dev.bunctl.conf.codec;

/** A map is not the form of a specification. The message names the member, what it holds and what was expected. */
public final class SpecFormatException extends RuntimeException {
    public SpecFormatException(String path, String problem) {
        super((path.isEmpty() ? "specification" : path) + ": " + problem);
    }
}
