package dev.bunctl.bridge.wire;

import java.io.IOException;

/** What came from the other side is not a frame, or not JSON, or passes a limit. */
public final class WireException extends IOException {
    public WireException(String message) {
        super(message);
    }
}
