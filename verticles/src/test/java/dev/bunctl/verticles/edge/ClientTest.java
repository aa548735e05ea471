package dev.bunctl.verticles.edge;

import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.verticles.main.TestDaemon;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A daemon with a home of its own, and a client of it. */
abstract class ClientTest {
    @TempDir
    Path home;

    TestDaemon daemon;
    Client client;

    @BeforeEach
    void connect() throws Exception {
        daemon = TestDaemon.start(home, new FakePlatform());
        client = new Client(daemon.socket());
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        daemon.close();
    }
}
