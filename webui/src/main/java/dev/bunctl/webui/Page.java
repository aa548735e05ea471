package dev.bunctl.webui;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The one page there is: it says what the browser can expect, and needs nothing else. */
public final class Page {
    private static final String NAME = "index.html";

    private Page() {}

    /** The page as HTML 5, complete in itself. */
    public static String html() throws IOException {
        try (InputStream in = Page.class.getResourceAsStream(NAME)) {
            if (in == null) {
                throw new IOException(NAME + " is missing from the distribution");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
