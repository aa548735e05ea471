package dev.bunctl.webui;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class PageTest {
    private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"([^\"]+)\"");

    @Test
    void page_namesOnlyFilesOfItsOwn_andHasNoScriptInIt() throws Exception {
        Map<String, Page.File> files = Page.files();
        String html = new String(Objects.requireNonNull(files.get(Page.INDEX)).content(), StandardCharsets.UTF_8);
        List<String> names = REFERENCE
                .matcher(html)
                .results()
                .map((MatchResult found) -> found.group(1).replaceFirst("^\\./", ""))
                .toList();
        assertTrue(names.size() >= 2, html);
        names.forEach(name -> assertTrue(files.containsKey(name), name));
        assertFalse(
                Pattern.compile("<script(?![^>]*\\ssrc=)|<style|\\son[a-z]+=")
                        .matcher(html)
                        .find(),
                html);
    }

    @Test
    void file_isTheSamePackedAndUnpacked_andOnlyHashedNamesAreKeptForEver() throws Exception {
        for (Map.Entry<String, Page.File> entry : Page.files().entrySet()) {
            Page.File file = entry.getValue();
            assertArrayEquals(
                    file.content(), new GZIPInputStream(new ByteArrayInputStream(file.compressed())).readAllBytes());
            assertTrue(
                    file.immutable() == Pattern.matches("assets/.+-[\\w-]{8}\\.\\w+", entry.getKey()), entry.getKey());
        }
    }
}
