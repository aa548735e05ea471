package dev.bunctl.verticles.access;

import dev.bunctl.bridge.message.AccessCommand;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.server.ConnectionListener;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Everything by which this daemon is reached from elsewhere. Used from one event loop. */
public final class Access {
    private final SettingsStore settings;
    private final TokenStore tokens;
    private final OwnCertificate certificate;
    private final BridgeListener bridge;
    private final AccessOrders orders;

    /** What the files of a home say. */
    public record Loaded(SettingsStore.Loaded settings, TokenStore.Loaded tokens) {}

    /** @param clients hears of the connections and what they register for */
    public Access(Vertx vertx, Path home, Loaded loaded, InstantSource clock, ConnectionListener clients) {
        this.settings = new SettingsStore(vertx, loaded.settings());
        this.tokens = new TokenStore(vertx, loaded.tokens(), clock);
        this.certificate = new OwnCertificate(home, clock);
        this.bridge = new BridgeListener(vertx, certificate, tokens, clients);
        this.orders = new AccessOrders(settings, tokens, bridge);
        tokens.onEnded(bridge::disconnect);
    }

    /** Reads the files of a home. Blocks. */
    public static Loaded load(Path home) {
        return new Loaded(SettingsStore.load(home), TokenStore.load(home));
    }

    public SettingsStore settings() {
        return settings;
    }

    public TokenStore tokens() {
        return tokens;
    }

    /** The certificate of this home, for every server that shows one of our own. */
    public OwnCertificate certificate() {
        return certificate;
    }

    /** Opens what the settings open; completes when that has been tried. Never fails. */
    public Future<Void> begin() {
        return bridge.begin(settings.settings().bridge());
    }

    /** Answers a command, see {@link AccessOrders}. */
    public Future<Answer> answer(AccessCommand command) {
        return orders.answer(command);
    }

    /** What the user should know, in whole sentences. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        settings.problem().ifPresent(warnings::add);
        tokens.problem().ifPresent(warnings::add);
        bridge.warning().ifPresent(warnings::add);
        return warnings;
    }

    /** Closes what is open, for good. */
    public Future<Void> close() {
        return bridge.close();
    }
}
