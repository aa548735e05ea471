package dev.bunctl.os.linux;

import dev.bunctl.os.api.Signal;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signals by the numbers of signal(7) on x86, ARM and RISC-V. */
final class SignalNumbers {
    private static final Map<Signal, Integer> NUMBERS = new EnumMap<>(Signal.class);

    static {
        Signal[] fromOne = {
            Signal.HUP,
            Signal.INT,
            Signal.QUIT,
            Signal.ILL,
            Signal.TRAP,
            Signal.ABRT,
            Signal.BUS,
            Signal.FPE,
            Signal.KILL,
            Signal.USR1,
            Signal.SEGV,
            Signal.USR2,
            Signal.PIPE,
            Signal.ALRM,
            Signal.TERM
        };
        for (int i = 0; i < fromOne.length; i++) {
            NUMBERS.put(fromOne[i], i + 1);
        }
        Signal[] fromSeventeen = {
            Signal.CHLD,
            Signal.CONT,
            Signal.STOP,
            Signal.TSTP,
            Signal.TTIN,
            Signal.TTOU,
            Signal.URG,
            Signal.XCPU,
            Signal.XFSZ,
            Signal.VTALRM,
            Signal.PROF,
            Signal.WINCH,
            Signal.IO,
            Signal.PWR,
            Signal.SYS
        };
        for (int i = 0; i < fromSeventeen.length; i++) {
            NUMBERS.put(fromSeventeen[i], i + 17);
        }
    }

    private SignalNumbers() {}

    static int number(Signal signal) {
        Integer number = NUMBERS.get(signal);
        if (number == null) {
            throw new IllegalArgumentException("no number for " + signal);
        }
        return number;
    }

    /** The signal with this number, or null for one without a name, such as a real-time signal. */
    static @Nullable Signal signal(int number) {
        for (Map.Entry<Signal, Integer> entry : NUMBERS.entrySet()) {
            if (entry.getValue() == number) {
                return entry.getKey();
            }
        }
        return null;
    }
}
