package dev.bunctl.bridge.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.bunctl.bridge.command.CommandSpec;
import dev.bunctl.bridge.command.CommandTable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoutesTest {
    @Test
    void isForDaemon_everyNameAndAlias_agreesWithTheCommandTable() {
        for (CommandSpec command : CommandTable.all()) {
            List<String> words = new ArrayList<>(command.aliases());
            words.add(command.name());
            for (String word : words) {
                assertEquals(command.runner() == CommandSpec.Runner.DAEMON, Routes.isForDaemon(word), word);
            }
        }
        assertFalse(Routes.isForDaemon("nonsense"));
    }
}
