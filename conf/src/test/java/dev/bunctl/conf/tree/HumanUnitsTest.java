package dev.bunctl.conf.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanUnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1024, 1024",
        "512M, 536870912",
        "512 MB, 536870912",
        "512mib, 536870912",
        "1.5G, 1610612736",
        "64k, 65536",
        "1T, 1099511627776",
        "7b, 7"
    })
    void size_isReadWithItsUnit(String text, long bytes) {
        assertEquals(Optional.of(bytes), HumanUnits.size(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "250, 250",
        "500ms, 500",
        "10s, 10000",
        "1.5s, 1500",
        "2m, 120000",
        "2min, 120000",
        "1h, 3600000",
        "7d, 604800000",
        "1w, 604800000"
    })
    void time_isReadWithItsUnit(String text, long milliseconds) {
        assertEquals(Optional.of(Duration.ofMillis(milliseconds)), HumanUnits.time(text));
    }

    @Test
    void otherText_isNeither() {
        for (String text : List.of(
                "",
                " ",
                "M",
                "-1",
                "1.",
                ".5",
                "1..5M",
                "1e3",
                "1X",
                "1 2",
                "0x10",
                "99999999999999999999T",
                "1_000",
                "1".repeat(100))) {
            assertEquals(Optional.empty(), HumanUnits.size(text), text);
            assertEquals(Optional.empty(), HumanUnits.time(text), text);
        }
    }

    @Test
    void largestSizeAndTime_areTakenAndNoneBeyond() {
        assertEquals(Optional.of(HumanUnits.MAX_SIZE), HumanUnits.size(Long.toString(HumanUnits.MAX_SIZE)));
        assertEquals(Optional.empty(), HumanUnits.size(Long.toString(HumanUnits.MAX_SIZE + 1)));
        assertEquals(Optional.of(HumanUnits.MAX_TIME), HumanUnits.time("3650d"));
        assertEquals(Optional.empty(), HumanUnits.time("3651d"));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1ms", "1500,1500ms", "2000,2s", "60000,1m", "3600000,1h", "86400000,1d"})
    void time_isShownWhole(long milliseconds, String shown) {
        assertEquals(shown, HumanUnits.show(Duration.ofMillis(milliseconds)));
        assertEquals(Optional.of(Duration.ofMillis(milliseconds)), HumanUnits.time(shown));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1000,1000", "1024,1K", "1610612736,1536M", "1099511627776,1T"})
    void size_isShownWhole(long bytes, String shown) {
        assertEquals(shown, HumanUnits.show(bytes));
        assertEquals(Optional.of(bytes), HumanUnits.size(shown));
    }
}
