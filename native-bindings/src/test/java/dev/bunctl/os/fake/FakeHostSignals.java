package dev.bunctl.os.fake;

import dev.bunctl.os.api.HostSignals;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Requests made by the test. Those made before anybody subscribed are kept. */
public final class FakeHostSignals implements HostSignals {
    private final List<Request> early = new ArrayList<>();
    private final List<Consumer<Request>> subscribers = new ArrayList<>();

    @Override
    public synchronized void subscribe(Executor executor, Consumer<Request> callback) {
        Consumer<Request> subscriber = request -> executor.execute(() -> callback.accept(request));
        subscribers.add(subscriber);
        early.forEach(subscriber);
        early.clear();
    }

    /** The outside asks. */
    public synchronized void request(Request request) {
        if (subscribers.isEmpty()) {
            early.add(request);
        }
        subscribers.forEach(subscriber -> subscriber.accept(request));
    }
}
