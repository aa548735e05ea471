package dev.bunctl.verticles.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.NodeEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeViewTest {
    private static final Answer.Status NOTHING = new Answer.Status(List.of(), List.of(), List.of());
    private static final Instant NOW = Instant.parse("2026-01-31T08:00:00Z");

    private final NodeView view = new NodeView("alpha");

    private Optional<Instant> unreachableSince(String node) {
        return view.node(node).orElseThrow().unreachableSince();
    }

    @Test
    void member_isANodeOnceItWasHeard() {
        view.joined("m1");
        assertFalse(view.isSettled());
        assertTrue(view.problem().orElseThrow().contains("1 member"));
        assertTrue(view.node("beta").isEmpty());
        assertTrue(view.heard("beta", "m1", "0.1.0", NOTHING));
        assertTrue(view.isSettled());
        assertEquals(Optional.empty(), view.problem());
        assertEquals(
                List.of(
                        new NodeEntry("alpha", true, Optional.empty(), "0.2.0", 0, 0),
                        new NodeEntry("beta", false, Optional.empty(), "0.1.0", 0, 0)),
                view.entries(NOTHING, "0.2.0"));
    }

    @Test
    void nodeThatIsGone_isRememberedWithTheTime_untilItIsHeardAgain() {
        view.joined("m1");
        assertTrue(view.heard("beta", "m1", "0.1.0", NOTHING));
        assertEquals(Optional.of("beta"), view.left("m1", NOW));
        assertEquals(Optional.of("beta"), view.left("m1", NOW.plusSeconds(5)));
        assertEquals(Optional.of(NOW), unreachableSince("beta"));
        view.joined("m2");
        assertEquals(Optional.of(NOW), unreachableSince("beta"));
        assertTrue(view.heard("beta", "m2", "0.1.0", NOTHING));
        assertEquals(Optional.empty(), unreachableSince("beta"));
    }

    @Test
    void nameThatIsTaken_isNotGivenToAnother_untilItsOwnerIsGone() {
        view.joined("m1");
        view.joined("m2");
        assertTrue(view.heard("beta", "m1", "0.1.0", NOTHING));
        assertFalse(view.heard("beta", "m2", "0.1.0", NOTHING));
        assertFalse(view.heard("alpha", "m2", "0.1.0", NOTHING));
        assertTrue(view.problem().orElseThrow().contains("alpha"));
        assertEquals("m1", view.node("beta").orElseThrow().member());
        assertEquals(Optional.of("beta"), view.left("m1", NOW));
        assertTrue(view.heard("beta", "m2", "0.1.0", NOTHING));
    }

    @Test
    void nodeThatLeavesForGood_isForgotten_butNotByTheWordOfAnother() {
        view.joined("m1");
        assertTrue(view.heard("beta", "m1", "0.1.0", NOTHING));
        assertFalse(view.forget("beta", "m2"));
        assertTrue(view.node("beta").isPresent());
        assertTrue(view.forget("beta", "m1"));
        assertTrue(view.node("beta").isEmpty());
    }

    @Test
    void nodesAreLimited() {
        for (int number = 0; number < NodeView.MAX; number++) {
            assertTrue(view.heard("n" + number, "m" + number, "0.1.0", NOTHING));
        }
        assertFalse(view.heard("more", "more", "0.1.0", NOTHING));
        assertTrue(view.heard("n0", "m0", "0.1.0", NOTHING));
    }
}
