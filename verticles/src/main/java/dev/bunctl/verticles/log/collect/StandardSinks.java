package dev.bunctl.verticles.log.collect;

import dev.bunctl.os.api.Platform;
import dev.bunctl.verticles.log.LogSource.Stream;

/** The standard streams of this process, for apps whose output goes there. */
final class StandardSinks {
    private final Sink out;
    private final Sink err;

    /** @param readerGone called once when nobody reads stdout any more, once when nobody reads stderr */
    StandardSinks(Platform platform, Runnable readerGone) {
        this.out = new StandardSink(platform.standardOutput(), readerGone);
        this.err = new StandardSink(platform.standardError(), readerGone);
    }

    Sink of(Stream stream) {
        return switch (stream) {
            case STDOUT, COMBINED -> out;
            case STDERR -> err;
        };
    }
}
