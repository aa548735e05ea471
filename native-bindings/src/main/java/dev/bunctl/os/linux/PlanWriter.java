package dev.bunctl.os.linux;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.bunctl.os.api.NativeException;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the fields of a spawn plan. Every field is critical: a guard that does not know one must refuse the plan
 * rather than start a program with less protection than was asked for. To be called in ascending order of tags.
 */
final class PlanWriter {
    static final int EXECUTABLE = 1;
    static final int ARGUMENT = 2;
    static final int ENVIRONMENT = 3;
    static final int DIRECTORY = 4;
    static final int UMASK = 5;
    static final int LIMIT = 6;
    static final int USER = 7;
    static final int GROUP = 8;
    static final int GROUPS = 9;
    static final int NO_NEW_PRIVILEGES = 10;
    static final int CAPABILITIES = 11;
    static final int NICENESS = 12;
    static final int OOM_SCORE = 13;
    static final int CGROUP = 14;
    static final int OUTPUT = 15;
    static final int KEEPER = 16;

    private static final int CRITICAL = 1;

    private final WireWriter out = new WireWriter();
    private int count;

    PlanWriter() throws NativeException {
        out.u32(0);
    }

    @CanIgnoreReturnValue
    private WireWriter field(int tag, int length) throws NativeException {
        count++;
        return out.u16(tag).u16(CRITICAL).u32(length);
    }

    @CanIgnoreReturnValue
    private PlanWriter bytes(int tag, byte[] value) throws NativeException {
        field(tag, value.length).raw(value);
        return this;
    }

    @CanIgnoreReturnValue
    PlanWriter text(int tag, String value) throws NativeException {
        return bytes(tag, WireWriter.text(value));
    }

    @CanIgnoreReturnValue
    PlanWriter texts(int tag, List<String> values) throws NativeException {
        for (String value : values) {
            text(tag, value);
        }
        return this;
    }

    /** Writes {@code NAME=value} texts, sorted by their bytes so that equal plans are equal bytes. */
    @CanIgnoreReturnValue
    PlanWriter environment(List<String> variables) throws NativeException {
        byte[][] encoded = new byte[variables.size()][];
        for (int i = 0; i < encoded.length; i++) {
            encoded[i] = WireWriter.text(variables.get(i));
        }
        Arrays.sort(encoded, Arrays::compareUnsigned);
        for (byte[] variable : encoded) {
            bytes(ENVIRONMENT, variable);
        }
        return this;
    }

    @CanIgnoreReturnValue
    PlanWriter u32(int tag, int value) throws NativeException {
        field(tag, Integer.BYTES).u32(value);
        return this;
    }

    @CanIgnoreReturnValue
    PlanWriter u64(int tag, long value) throws NativeException {
        field(tag, Long.BYTES).u64(value);
        return this;
    }

    @CanIgnoreReturnValue
    PlanWriter flag(int tag) throws NativeException {
        field(tag, 0);
        return this;
    }

    /** Writes a limit; -1 is infinity, which is all ones on the wire as well, and -2 keeps a hard limit. */
    @CanIgnoreReturnValue
    PlanWriter limit(int resource, long soft, long hard) throws NativeException {
        field(LIMIT, Integer.BYTES + 2 * Long.BYTES).u32(resource).u64(soft).u64(hard);
        return this;
    }

    @CanIgnoreReturnValue
    PlanWriter groups(List<Integer> groups) throws NativeException {
        WireWriter field = field(GROUPS, groups.size() * Integer.BYTES);
        for (int group : groups) {
            field.u32(group);
        }
        return this;
    }

    byte[] toBytes() {
        return out.patchU32(0, count).toBytes();
    }
}
