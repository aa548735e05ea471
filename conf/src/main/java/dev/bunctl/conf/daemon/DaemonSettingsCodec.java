package dev.bunctl.conf.daemon;

import dev.bunctl.conf.field.JsonText;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.JsonTree;
import dev.bunctl.conf.tree.Location;
import dev.bunctl.conf.tree.Node;
import dev.bunctl.conf.tree.Problems;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The form of {@code daemon.json}: an object with {@code version}, {@code bridge}, {@code web} and {@code cluster}. What is left out has its
 * default; what is not known is refused.
 */
public final class DaemonSettingsCodec {
    /** Version of the form. */
    public static final long VERSION = 1;

    /** Largest file, in bytes. */
    public static final int MAX_BYTES = 64 << 10;

    private DaemonSettingsCodec() {}

    /**
     * Reads a text.
     *
     * @param source how it is called in messages, a path for example
     * @throws ConfigException saying all that is wrong with it, each with its line
     */
    public static DaemonSettings read(String text, String source) throws ConfigException {
        Problems problems = new Problems();
        DaemonSettings settings = settings(JsonTree.read(text, source), problems);
        problems.refuse();
        return settings;
    }

    private static DaemonSettings settings(Node root, Problems problems) {
        SettingsReader reader = new SettingsReader(root, "", problems);
        Location at = root.at();
        if (reader.number("version", VERSION, Long.MIN_VALUE, Long.MAX_VALUE) != VERSION) {
            problems.invalid(at, "'version': " + VERSION + " expected: a later version of bunctl wrote this");
        }
        BridgeSettings bridge =
                reader.object("bridge").map(DaemonSettingsCodec::bridge).orElse(BridgeSettings.DEFAULT);
        WebSettings web = reader.object("web").map(DaemonSettingsCodec::web).orElse(WebSettings.DEFAULT);
        Optional<ClusterSettings> cluster = reader.object("cluster").flatMap(ClusterCodec::read);
        reader.refuseOthers();
        return new DaemonSettings(bridge, web, cluster);
    }

    private static BridgeSettings bridge(SettingsReader reader) {
        boolean enabled = reader.flag("enabled", false);
        Endpoint endpoint = reader.endpoint(BridgeSettings.DEFAULT.endpoint());
        Tls tls = reader.tls(Tls.OWN);
        reader.refuseOthers();
        return reader.checked(() -> new BridgeSettings(enabled, endpoint, tls), BridgeSettings.DEFAULT);
    }

    private static WebSettings web(SettingsReader reader) {
        boolean enabled = reader.flag("enabled", false);
        Endpoint endpoint = reader.endpoint(WebSettings.DEFAULT.endpoint());
        Tls tls = reader.tls(endpoint.isLoopback() ? Tls.NONE : Tls.OWN);
        boolean openMetrics = reader.flag("open_metrics", false);
        reader.refuseOthers();
        return reader.checked(() -> new WebSettings(enabled, endpoint, tls, openMetrics), WebSettings.DEFAULT);
    }

    /** The text of a file, which {@link #read} reads back to the same. */
    public static String print(DaemonSettings settings) {
        StringBuilder text =
                new StringBuilder("{\n  \"version\": ").append(VERSION).append(",\n  \"bridge\": {");
        BridgeSettings bridge = settings.bridge();
        server(bridge.enabled(), bridge.endpoint(), bridge.tls(), text);
        text.append("\n  },\n  \"web\": {");
        WebSettings web = settings.web();
        server(web.enabled(), web.endpoint(), web.tls(), text);
        text.append(",\n    \"open_metrics\": ").append(web.openMetrics());
        text.append("\n  }");
        settings.cluster().ifPresent(cluster -> ClusterCodec.print(cluster, text));
        return text.append("\n}\n").toString();
    }

    private static void server(boolean enabled, Endpoint endpoint, Tls tls, StringBuilder text) {
        text.append("\n    \"enabled\": ").append(enabled);
        quoted("address", endpoint.address(), text);
        text.append(",\n    \"port\": ").append(endpoint.port());
        switch (tls.certificate()) {
            case Tls.Certificate.Own() -> quoted("tls", SettingsReader.OWN, text);
            case Tls.Certificate.None() -> quoted("tls", SettingsReader.NONE, text);
            case Tls.Certificate.Files(Path chain, Path key) -> {
                quoted("tls", SettingsReader.FILES, text);
                quoted("certificate", chain.toString(), text);
                quoted("key", key.toString(), text);
            }
        }
        tls.clientAuthority().ifPresent(file -> quoted("client_ca", file.toString(), text));
    }

    static void quoted(String name, String value, StringBuilder text) {
        JsonText.quote(value, text.append(",\n    \"").append(name).append("\": "));
    }
}
