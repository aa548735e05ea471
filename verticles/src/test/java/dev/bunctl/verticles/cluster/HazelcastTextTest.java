package dev.bunctl.verticles.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.daemon.ClusterSettings;
import dev.bunctl.conf.daemon.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HazelcastTextTest {
    @Test
    void members_areFoundByTheListAlone_onOneAddress_andNobodyIsCalled() {
        String text = HazelcastText.of(new ClusterSettings(
                true,
                "alpha",
                List.of("beta.example", "10.0.0.3:9999"),
                new Endpoint("127.0.0.1", 9617),
                9618,
                Optional.empty(),
                ClusterSettings.PeerRole.OPERATOR,
                Duration.ofSeconds(20),
                Optional.empty()));
        for (String part : List.of(
                "<member>beta.example:9617</member>",
                "<member>10.0.0.3:9999</member>",
                "<multicast enabled=\"false\"/>",
                "<auto-detection enabled=\"false\"/>",
                "<port auto-increment=\"false\">9617</port>",
                "<interface>127.0.0.1</interface>",
                "<property name=\"hazelcast.phone.home.enabled\">false</property>",
                "<property name=\"hazelcast.socket.bind.any\">false</property>",
                "<property name=\"hazelcast.max.no.heartbeat.seconds\">20</property>",
                "<property name=\"hazelcast.heartbeat.interval.seconds\">4</property>")) {
            assertTrue(text.contains(part), part + " in " + text);
        }
    }
}
