package dev.bunctl.verticles.main;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.verticles.internal.InstanceEvent;
import dev.bunctl.verticles.internal.InternalAddresses;
import dev.bunctl.verticles.log.Logs;
import dev.bunctl.verticles.state.DesiredApp;
import dev.bunctl.verticles.state.StateStore;
import io.vertx.core.Vertx;

/** Tells whoever reads the output of a run what became of an app, when that is news to them. */
final class RunTalk {
    private static final String KILLED = "killed";

    private RunTalk() {}

    /** Begins, on the current event loop. */
    static void begin(Vertx vertx, StateStore store, Logs logs) {
        vertx.eventBus().<InstanceEvent>localConsumer(InternalAddresses.EVENTS, message -> {
            InstanceEvent event = message.body();
            DesiredApp app = store.state().apps().get(appOf(event.snapshot().instance()));
            if (app != null && isNews(event.type())) {
                say(logs, app.spec(), event);
            }
        });
    }

    private static void say(Logs logs, AppSpec spec, InstanceEvent event) {
        String instance = event.snapshot().instance();
        String what = event.type().equals(KILLED)
                ? "did not stop in its time and was killed"
                : event.snapshot().reason();
        logs.announce(instance, spec, instance + ": " + what);
    }

    private static boolean isNews(String type) {
        return switch (type) {
            case "waiting", KILLED, "gave_up", "gave_up_for_good", "reload_failed" -> true;
            default -> false;
        };
    }

    private static String appOf(String instance) {
        return instance.substring(0, instance.lastIndexOf(':'));
    }
}
