package dev.bunctl.verticles.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class LifecycleDocumentTest {
    private static final String WRITE = "bunctl.write.docs";

    @Test
    void document_saysWhatTheStateMachineDoes() throws IOException {
        Path document = Path.of("..", "docs", "lifecycle.md");
        String rendered = LifecycleDocument.render();
        if (Boolean.getBoolean(WRITE)) {
            Path _ = Files.writeString(document, rendered);
        }
        assertEquals(rendered, Files.readString(document), "docs/lifecycle.md drifted; write it anew with -D" + WRITE);
    }
}
