package dev.bunctl.bridge.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
    private static String text(int seed) {
        byte[] secret = new byte[Token.SECRET_BYTES];
        secret[0] = (byte) seed;
        secret[1] = (byte) (seed >> 8);
        return Token.text(secret);
    }

    private static Token token(String name, int seed) {
        return new Token(name, Role.OPERATOR, Token.hash(text(seed)), Instant.EPOCH, Optional.empty());
    }

    @Test
    void find_theTextItWasMadeOf_andNoOther() {
        Tokens tokens = Tokens.NONE.with(token("ci", 1)).with(token("laptop", 2));
        assertEquals(Optional.of("laptop"), tokens.find(text(2)).map(Token::name));
        assertTrue(tokens.find(text(3)).isEmpty());
        assertTrue(tokens.find("").isEmpty());
        assertTrue(tokens.find("x".repeat(Token.MAX_TEXT + 1)).isEmpty());
    }

    @Test
    void without_revokes() {
        Tokens tokens = Tokens.NONE.with(token("ci", 1));
        assertTrue(tokens.without("ci").orElseThrow().find(text(1)).isEmpty());
        assertTrue(tokens.without("nobody").isEmpty());
    }

    @Test
    void with_aNameThatIsTaken_isRefused() {
        Tokens tokens = Tokens.NONE.with(token("ci", 1));
        assertThrows(IllegalArgumentException.class, () -> tokens.with(token("ci", 2)));
    }

    @Test
    void with_atLimit_isTakenAndOneMoreIsRefused() {
        List<Token> many = new ArrayList<>();
        for (int i = 0; i < Tokens.MAX; i++) {
            many.add(token("t" + i, i));
        }
        Tokens full = new Tokens(many);
        assertEquals(Optional.of("t999"), full.find(text(999)).map(Token::name));
        assertThrows(IllegalArgumentException.class, () -> full.with(token("more", 1)));
    }

    @Test
    void file_thereAndBack_isTheSameAndHoldsNoToken() throws Exception {
        Tokens tokens = Tokens.NONE.with(token("ci", 1)).with(token("läptop 2", 2));
        String written = Json.write(tokens.toMap());
        assertEquals(tokens, Tokens.fromMap(Json.readObject(written)));
        assertFalse(written.contains(text(1)), written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"version\":2,\"tokens\":[]}",
                "{\"version\":1}",
                "{\"version\":1,\"tokens\":[7]}",
                "{\"version\":1,\"tokens\":[{\"name\":\"a\",\"role\":\"king\",\"hash\":\"00\",\"created_at\":\"x\"}]}",
                "{\"version\":1,\"tokens\":[{\"name\":\"a\",\"role\":\"admin\",\"hash\":\"00\","
                        + "\"created_at\":\"2026-01-01T00:00:00Z\"}]}"
            })
    void file_thatIsNotValid_isRefused(String file) throws Exception {
        Map<String, ?> map = Json.readObject(file);
        assertThrows(IllegalArgumentException.class, () -> Tokens.fromMap(map));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a/b", "a\nb", "a\u001b[0m"})
    void name_thatIsNotValid_isRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> token(name, 1));
    }

    @Test
    void name_atLimit_isTakenAndOneMoreIsRefused() {
        assertEquals(Token.MAX_NAME, token("n".repeat(Token.MAX_NAME), 1).name().length());
        assertThrows(IllegalArgumentException.class, () -> token("n".repeat(Token.MAX_NAME + 1), 1));
    }
}
