package dev.bunctl.verticles.cluster;

import dev.bunctl.conf.daemon.ClusterSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The configuration of Hazelcast that the settings of a cluster come to: found by a list, bound to one address. Pure. */
final class HazelcastText {
    /** Beats that may be missed before a node counts as lost. */
    private static final int BEATS = 5;

    /** How often the parts of a split cluster look for each other. */
    private static final Duration MERGE = Duration.ofSeconds(5);

    private HazelcastText() {}

    static String of(ClusterSettings settings) {
        StringBuilder text = new StringBuilder(2048);
        text.append("<hazelcast xmlns=\"http://www.hazelcast.com/schema/config\">\n");
        text.append("<cluster-name>bunctl</cluster-name>\n<properties>\n");
        properties(settings)
                .forEach((name, value) -> text.append("<property name=\"")
                        .append(name)
                        .append("\">")
                        .append(value)
                        .append("</property>\n"));
        text.append("</properties>\n<network>\n<port auto-increment=\"false\">");
        text.append(settings.endpoint().port()).append("</port>\n");
        text.append("<join><auto-detection enabled=\"false\"/><multicast enabled=\"false\"/>"
                + "<tcp-ip enabled=\"true\" connection-timeout-seconds=\"5\">\n");
        settings.join()
                .forEach(host ->
                        text.append("<member>").append(member(settings, host)).append("</member>\n"));
        text.append("</tcp-ip></join>\n<interfaces enabled=\"true\"><interface>");
        text.append(settings.endpoint().address()).append("</interface></interfaces>\n</network>\n");
        text.append("<multimap name=\"__vertx.subs\"><backup-count>1</backup-count>"
                + "<value-collection-type>SET</value-collection-type></multimap>\n");
        text.append("<map name=\"__vertx.haInfo\"><backup-count>1</backup-count></map>\n");
        text.append("<map name=\"__vertx.nodeInfo\"><backup-count>1</backup-count></map>\n");
        // Whoever reaches the port can send objects: only what belongs to the membership, plain exceptions and
        // collections are read.
        text.append("<serialization><java-serialization-filter defaults-disabled=\"true\"><whitelist>"
                + "<prefix>io.vertx.spi.cluster.hazelcast.</prefix><prefix>com.hazelcast.</prefix>"
                + "<prefix>java.lang.</prefix><prefix>java.util.</prefix><prefix>[</prefix>"
                + "</whitelist></java-serialization-filter></serialization>\n");
        return text.append("</hazelcast>\n").toString();
    }

    private static String member(ClusterSettings settings, String host) {
        boolean hasPort = !host.endsWith("]") && host.indexOf(':') >= 0;
        return hasPort ? host : host + ":" + settings.endpoint().port();
    }

    private static Map<String, Object> properties(ClusterSettings settings) {
        long silence = settings.unreachableAfter().toSeconds();
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("hazelcast.phone.home.enabled", false);
        properties.put("hazelcast.logging.type", "jdk");
        properties.put("hazelcast.shutdownhook.enabled", false);
        properties.put("hazelcast.socket.bind.any", false);
        properties.put("hazelcast.heartbeat.interval.seconds", Math.max(1, silence / BEATS));
        properties.put("hazelcast.max.no.heartbeat.seconds", silence);
        properties.put("hazelcast.merge.first.run.delay.seconds", MERGE.toSeconds());
        properties.put("hazelcast.merge.next.run.delay.seconds", MERGE.toSeconds());
        properties.put("hazelcast.wait.seconds.before.join", 1);
        properties.put("hazelcast.tcp.join.port.try.count", 1);
        // A few addresses and nodes are all that is kept there.
        properties.put("hazelcast.partition.count", 31);
        properties.put("hazelcast.operation.thread.count", 2);
        properties.put("hazelcast.operation.generic.thread.count", 2);
        properties.put("hazelcast.io.thread.count", 1);
        properties.put("hazelcast.event.thread.count", 1);
        properties.put("hazelcast.health.monitoring.level", "OFF");
        // Nobody looks at these, and they wake an idle daemon.
        properties.put("hazelcast.metrics.enabled", false);
        properties.put("hazelcast.slow.operation.detector.enabled", false);
        return properties;
    }
}
