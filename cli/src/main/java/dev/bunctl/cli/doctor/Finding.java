package dev.bunctl.cli.doctor;

/**
 * What one look came to.
 *
 * @param name stable, lower-case, dotted, such as {@code limits.files}
 * @param verdict how bad it is
 * @param detail what was found, with the cause, in a sentence
 * @param remedy what to do about it; empty when nothing is to be done
 */
public record Finding(String name, Verdict verdict, String detail, String remedy) {
    /** How bad it is. */
    public enum Verdict {
        OK("ok"),
        /** bunctl works, but not with everything. */
        WARN("warn"),
        /** bunctl cannot do its work. */
        BROKEN("broken");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    static Finding ok(String name, String detail) {
        return new Finding(name, Verdict.OK, detail, "");
    }

    static Finding warn(String name, String detail, String remedy) {
        return new Finding(name, Verdict.WARN, detail, remedy);
    }

    static Finding broken(String name, String detail, String remedy) {
        return new Finding(name, Verdict.BROKEN, detail, remedy);
    }
}
