package dev.bunctl.os.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HeadroomTest {
    @ParameterizedTest
    @CsvSource({
        "100, 1024, true",
        "959, 1024, true",
        "960, 1024, false",
        "1023, 1024, false",
        "55, 64, true",
        "56, 64, false",
    })
    void anotherProgram_isStartedWhileEnoughDescriptorsAreLeft(long used, long limit, boolean expected) {
        assertEquals(expected, Headroom.suffices(used, limit));
    }

    @Test
    void check_takesNoDescriptor() throws Exception {
        Headroom.check(0); // what is loaded for it the first time stays
        long before = LinuxProcessesTest.descriptors();
        Headroom.check(0);
        assertEquals(before, LinuxProcessesTest.descriptors());
    }
}
