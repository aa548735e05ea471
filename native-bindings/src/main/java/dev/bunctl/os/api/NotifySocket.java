package dev.bunctl.os.api;

/** Where one program says how it is, as in sd_notify(3). Closing it removes its file; closing it twice does nothing. */
public interface NotifySocket extends AutoCloseable {
    @Override
    void close();
}
