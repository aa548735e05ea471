package dev.bunctl.verticles.internal;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;

/**
 * Hands our immutable records over inside one daemon as they are. One codec serves all of them, because Vert.x looks
 * codecs up by the exact class and so never finds one for a sealed interface. Nothing of it ever crosses a wire.
 */
public final class LocalCodec implements MessageCodec<Object, Object> {
    private static final String NAME = "bunctl.internal";
    private static final String OURS = "dev.bunctl.";

    private LocalCodec() {}

    /** Makes the bus take our records. To be called once for each bus. */
    public static void register(EventBus bus) {
        bus.registerCodec(new LocalCodec()).codecSelector(LocalCodec::codecOf);
    }

    private static String codecOf(Object body) {
        Class<?> type = body.getClass();
        if (type.isRecord() && type.getName().startsWith(OURS)) {
            return NAME;
        }
        throw new IllegalArgumentException("only records of ours travel on the bus, not " + type.getName());
    }

    @Override
    public void encodeToWire(Buffer buffer, Object message) {
        throw new UnsupportedOperationException(message.getClass().getName() + " never leaves this daemon");
    }

    @Override
    public Object decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("internal messages never come from elsewhere");
    }

    @Override
    public Object transform(Object message) {
        return message;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
