package dev.bunctl.webui;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class PageTest {
    @Test
    void page_isCompleteInItself() throws IOException {
        String html = Page.html();

        assertTrue(html.startsWith("<!doctype html>"), html);
        assertFalse(html.contains("src="), "nothing is loaded");
        assertFalse(html.contains("href="), "nothing is loaded");
    }
}
