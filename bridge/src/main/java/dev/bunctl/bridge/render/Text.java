package dev.bunctl.bridge.render;

/** Widths of text on a terminal, and text that is safe there. */
final class Text {
    private static final char ELLIPSIS = '…';

    private Text() {}

    /** Columns that a text takes. */
    static int width(String text) {
        return text.codePoints().map(Text::width).sum();
    }

    private static int width(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(codePoint) ? 2 : 1;
        };
    }

    /** East Asian wide characters and emoji, by block. */
    private static boolean isWide(int c) {
        return (c >= 0x1100 && c <= 0x115f)
                || (c >= 0x2e80 && c <= 0xa4cf && c != 0x303f)
                || (c >= 0xac00 && c <= 0xd7a3)
                || (c >= 0xf900 && c <= 0xfaff)
                || (c >= 0xfe30 && c <= 0xfe6f)
                || (c >= 0xff00 && c <= 0xff60)
                || (c >= 0xffe0 && c <= 0xffe6)
                || (c >= 0x1f300 && c <= 0x1faff)
                || (c >= 0x20000 && c <= 0x3fffd);
    }

    /** The text, cut to so many columns with an ellipsis where it is longer. */
    static String fit(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int used = 0;
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            used += width(codePoint);
            if (used > columns - 1) {
                break;
            }
            out.appendCodePoint(codePoint);
            at += Character.charCount(codePoint);
        }
        return out.append(ELLIPSIS).toString();
    }

    /** The text without anything that could steer a terminal: control characters become {@code �}, a tab a space. */
    static String clean(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.appendCodePoint(c == '\t' ? ' ' : Character.isISOControl(c) ? 0xfffd : c));
        return out.toString();
    }
}
