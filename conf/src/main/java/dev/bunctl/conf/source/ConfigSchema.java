package dev.bunctl.conf.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The JSON schema of configurations, for editors. */
public final class ConfigSchema {
    private static final String RESOURCE = "/bunctl.schema.json";

    private ConfigSchema() {}

    public static String text() throws IOException {
        try (InputStream in = ConfigSchema.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
