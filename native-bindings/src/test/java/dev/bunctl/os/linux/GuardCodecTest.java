package dev.bunctl.os.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.linux.GuardMessage.EntryState;
import dev.bunctl.os.linux.GuardMessage.FromGuard;
import dev.bunctl.os.linux.GuardMessage.ToGuard;
import dev.bunctl.os.linux.WireReader.MalformedPacketException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The bytes that the C side tests too. */
final class GuardCodecTest {
    private static final ProcessKey API_1 = new ProcessKey("api:0", 1);
    private static final ProcessKey API_2 = new ProcessKey("api:0", 2);
    private static final ProcessKey ZURICH = new ProcessKey("zürich:12", Integer.MAX_VALUE);
    private static final ProcessKey LONGEST = new ProcessKey("a".repeat(156) + ":999", 1);
    private static final ProcessIdentity PID_4242 = new ProcessIdentity(4242, 123456789);

    private static Map<String, byte[]> golden() throws IOException {
        Map<String, byte[]> packets = new LinkedHashMap<>();
        try (InputStream file = GuardCodecTest.class.getResourceAsStream("/golden/guard-protocol.txt")) {
            if (file == null) {
                throw new IOException("the golden file is missing");
            }
            new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(line -> line.split(" ", 2))
                    .forEach(parts -> packets.put(parts[0], HexFormat.of().parseHex(parts[1])));
        }
        return packets;
    }

    /** A golden packet's meaning. */
    private record Meaning(int sequence, GuardMessage message) {}

    private static Map<String, Meaning> meanings() throws NativeException {
        Map<String, Meaning> all = new LinkedHashMap<>();
        all.put("HELLO", new Meaning(1, new GuardMessage.Hello(1, "0.1.0")));
        all.put("HELLO_NO_VERSION", new Meaning(-1, new GuardMessage.Hello(1, "")));
        all.put(
                "SPAWN_MINIMAL",
                new Meaning(2, new GuardMessage.Spawn(API_1, minimalPlan().toBytes())));
        all.put("SPAWN_FULL", new Meaning(3, new GuardMessage.Spawn(ZURICH, fullPlan())));
        all.put("SPAWN_NO_GROUPS", new Meaning(4, new GuardMessage.Spawn(API_2, noGroupsPlan())));
        all.put("SIGNAL_PROCESS", new Meaning(5, new GuardMessage.SendSignal(API_1, 15, 0)));
        all.put("SIGNAL_GROUP", new Meaning(6, new GuardMessage.SendSignal(API_1, 2, 1)));
        all.put("SIGNAL_TREE", new Meaning(7, new GuardMessage.SendSignal(ZURICH, 9, 2)));
        all.put("FORGET", new Meaning(8, new GuardMessage.Forget(API_1)));
        all.put("FORGET_LONGEST", new Meaning(9, new GuardMessage.Forget(LONGEST)));
        all.put("READY", new Meaning(10, new GuardMessage.Ready()));
        all.put("FINISHED", new Meaning(11, new GuardMessage.Finished()));
        all.put("ADOPT", new Meaning(12, new GuardMessage.Adopt(API_1, PID_4242)));
        all.put("PONG", new Meaning(0, new GuardMessage.Pong()));
        all.put("SPILL_TAKEN", new Meaning(13, new GuardMessage.SpillTaken(API_1)));
        all.put("UPGRADE", new Meaning(14, new GuardMessage.Upgrade("/opt/bunctl/lib/bunctl-guard")));
        all.putAll(fromGuard());
        return all;
    }

    private static Map<String, Meaning> fromGuard() {
        Map<String, Meaning> all = new LinkedHashMap<>();
        String spill = "/h/run/z%C3%BCrich%3A12.2147483647.";
        long max = Long.MAX_VALUE;
        all.put(
                "WELCOME",
                new Meaning(1, new GuardMessage.Welcome(1, 4000, "0b2f3c4d-0000-4000-8000-00000000000a", 2)));
        all.put(
                "ENTRY_RUNNING",
                new Meaning(
                        1,
                        new GuardMessage.Entry(
                                API_1, PID_4242, 1700000000123L, EntryState.RUNNING, ExitRecord.NONE, "", "")));
        all.put(
                "ENTRY_EXITED",
                new Meaning(
                        1,
                        new GuardMessage.Entry(
                                ZURICH,
                                new ProcessIdentity(Integer.MAX_VALUE, max),
                                1700000000123L,
                                EntryState.EXITED,
                                new ExitRecord(0, 3, false, 1700000001123L, 1500, 2500, 28311552),
                                spill + "out.spill",
                                spill + "err.spill")));
        all.put(
                "ENTRY_EXITED_UNHELD",
                new Meaning(
                        1,
                        new GuardMessage.Entry(
                                API_1,
                                PID_4242,
                                1700000000123L,
                                EntryState.EXITED_UNHELD,
                                new ExitRecord(0, 3, false, 1700000001123L, 1500, 2500, 28311552),
                                "",
                                "")));
        all.put("TABLE_END", new Meaning(1, new GuardMessage.TableEnd()));
        all.put("SPAWNED", new Meaning(2, new GuardMessage.Spawned(API_1, PID_4242)));
        all.put("NOT_SPAWNED", new Meaning(3, new GuardMessage.NotSpawned(ZURICH, 2, "exec", "/usr/bin/bün")));
        all.put("NOT_SPAWNED_NO_DETAIL", new Meaning(4, new GuardMessage.NotSpawned(API_2, 11, "fork", "")));
        all.put(
                "EXITED_CODE",
                new Meaning(
                        0,
                        new GuardMessage.Exited(
                                API_1, PID_4242, new ExitRecord(0, 0, false, 1700000001123L, 1, 2, 4096))));
        all.put(
                "EXITED_SIGNAL",
                new Meaning(
                        0,
                        new GuardMessage.Exited(
                                API_1, PID_4242, new ExitRecord(1, 11, true, 1700000001123L, 0, 0, 0))));
        all.put(
                "EXITED_UNKNOWN",
                new Meaning(
                        0,
                        new GuardMessage.Exited(
                                LONGEST, new ProcessIdentity(1, 0), new ExitRecord(2, 0, false, max, max, max, max))));
        all.put("REFUSED", new Meaning(99, new GuardMessage.Refused(71, "unknown message type 77")));
        all.put("PING", new Meaning(0, new GuardMessage.Ping()));
        all.put("REQUEST_TERMINATE", new Meaning(0, new GuardMessage.Requested(0)));
        all.put("REQUEST_REOPEN_LOGS", new Meaning(0, new GuardMessage.Requested(1)));
        all.put("REQUEST_REPLACE_DAEMON", new Meaning(0, new GuardMessage.Requested(2)));
        all.put("UPGRADED", new Meaning(14, new GuardMessage.Upgraded(1, 4000)));
        return all;
    }

    private static PlanWriter minimalPlan() throws NativeException {
        return new PlanWriter()
                .text(PlanWriter.EXECUTABLE, "/bin/true")
                .texts(PlanWriter.ARGUMENT, List.of("true"))
                .text(PlanWriter.DIRECTORY, "/");
    }

    private static byte[] noGroupsPlan() throws NativeException {
        return minimalPlan()
                .u32(PlanWriter.UMASK, 0)
                .groups(List.of())
                .u64(PlanWriter.CAPABILITIES, 0)
                .u32(PlanWriter.NICENESS, 19)
                .u32(PlanWriter.OOM_SCORE, -1000)
                .u32(PlanWriter.OUTPUT, 0)
                .toBytes();
    }

    private static byte[] fullPlan() throws NativeException {
        return new PlanWriter()
                .text(PlanWriter.EXECUTABLE, "/usr/bin/bün")
                .texts(PlanWriter.ARGUMENT, List.of("bun", "", "--name=ä b"))
                .environment(List.of("Ü=x=y", "PATH=/usr/bin:/bin", "A="))
                .text(PlanWriter.DIRECTORY, "/srv/app")
                .u32(PlanWriter.UMASK, 027)
                .limit(7, 1024, 4096)
                .limit(4, 0, -1)
                .u32(PlanWriter.USER, 1000)
                .u32(PlanWriter.GROUP, 1001)
                .groups(List.of(4, 24, (int) 4294967294L))
                .flag(PlanWriter.NO_NEW_PRIVILEGES)
                .u64(PlanWriter.CAPABILITIES, 1L << 10 | 1L << 40)
                .u32(PlanWriter.NICENESS, -20)
                .u32(PlanWriter.OOM_SCORE, 1000)
                .text(PlanWriter.CGROUP, "/sys/fs/cgroup/bunctl/app-z/12/1")
                .u32(PlanWriter.OUTPUT, 1)
                .flag(PlanWriter.KEEPER)
                .toBytes();
    }

    @Test
    void golden_everyPacketHasAMeaningHereAndViceVersa() throws Exception {
        assertEquals(new TreeSet<>(golden().keySet()), new TreeSet<>(meanings().keySet()));
    }

    @TestFactory
    Stream<DynamicTest> golden_isEncodedToTheByte() throws Exception {
        Map<String, byte[]> golden = golden();
        return meanings().entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    Meaning meaning = entry.getValue();
                    byte[] encoded = switch (meaning.message()) {
                        case ToGuard message -> GuardCodec.encode(meaning.sequence(), message);
                        case FromGuard message -> GuardSide.encode(meaning.sequence(), message);
                    };
                    assertEquals(
                            HexFormat.of().formatHex(Objects.requireNonNull(golden.get(entry.getKey()))),
                            HexFormat.of().formatHex(encoded));
                }));
    }

    @TestFactory
    Stream<DynamicTest> golden_isDecodedToTheValues() throws Exception {
        Map<String, byte[]> golden = golden();
        return meanings().entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    ByteBuffer packet = ByteBuffer.wrap(Objects.requireNonNull(golden.get(entry.getKey())));
                    Meaning meaning = entry.getValue();
                    switch (meaning.message()) {
                        case GuardMessage.Spawn expected -> {
                            GuardSide.Packet decoded = GuardSide.decode(packet);
                            GuardMessage.Spawn spawn = (GuardMessage.Spawn) decoded.message();
                            assertEquals(expected.key(), spawn.key());
                            assertArrayEquals(expected.plan(), spawn.plan());
                            assertEquals(meaning.sequence(), decoded.sequence());
                        }
                        case ToGuard expected ->
                            assertEquals(new GuardSide.Packet(meaning.sequence(), expected), GuardSide.decode(packet));
                        case FromGuard expected ->
                            assertEquals(
                                    new GuardCodec.Packet(meaning.sequence(), expected), GuardCodec.decode(packet));
                    }
                }));
    }

    @Test
    void decode_everyPacketCutShortOrLengthened_isRefused() throws Exception {
        for (Map.Entry<String, Meaning> entry : fromGuard().entrySet()) {
            byte[] packet = Objects.requireNonNull(golden().get(entry.getKey()));
            for (int length = 0; length < packet.length; length++) {
                ByteBuffer cut = ByteBuffer.wrap(packet, 0, length);
                assertThrows(MalformedPacketException.class, () -> GuardCodec.decode(cut), entry.getKey());
            }
            byte[] longer = java.util.Arrays.copyOf(packet, packet.length + 1);
            assertThrows(MalformedPacketException.class, () -> GuardCodec.decode(ByteBuffer.wrap(longer)));
        }
    }

    @Test
    void decode_randomDamage_isRefusedOrRead_neverWorse() throws Exception {
        long seed = 20260101;
        Random random = new Random(seed);
        List<byte[]> packets = List.copyOf(golden().values());
        int read = 0;
        for (int round = 0; round < 50_000; round++) {
            byte[] damaged = packets.get(random.nextInt(packets.size())).clone();
            for (int hits = random.nextInt(4); hits >= 0; hits--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                var _ = GuardCodec.decode(ByteBuffer.wrap(damaged));
                read++;
            } catch (MalformedPacketException e) {
                assertTrue(e.getMessage() != null, "seed " + seed + " round " + round);
            }
        }
        assertTrue(read > 0, "seed " + seed);
    }

    @Test
    void decode_unknownType_namesIt() {
        byte[] packet = HexFormat.of().parseHex("4d000100000000000000000000000000");
        MalformedPacketException e =
                assertThrows(MalformedPacketException.class, () -> GuardCodec.decode(ByteBuffer.wrap(packet)));
        assertEquals("unknown message type 77", e.getMessage());
    }

    @Test
    void encode_packetAtTheLimit_fits_andOneByteMore_isRefused() throws Exception {
        int overhead = GuardCodec.encode(1, new GuardMessage.Hello(1, "")).length;
        String fits = "x".repeat(GuardCodec.MAX_PACKET - overhead);
        assertEquals(GuardCodec.MAX_PACKET, GuardCodec.encode(1, new GuardMessage.Hello(1, fits)).length);
        NativeException e =
                assertThrows(NativeException.class, () -> GuardCodec.encode(1, new GuardMessage.Hello(1, fits + "x")));
        assertEquals(Errno.E2BIG, e.errno());
        assertEquals("plan", e.call());
    }

    @Test
    void encode_nul_isRefused() {
        NativeException e =
                assertThrows(NativeException.class, () -> GuardCodec.encode(1, new GuardMessage.Upgrade("a\0b")));
        assertEquals(Errno.EINVAL, e.errno());
    }
}
