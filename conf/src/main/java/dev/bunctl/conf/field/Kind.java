package dev.bunctl.conf.field;

import java.util.List;

/** What may be written as the value of a field. */
public sealed interface Kind {
    /** A string; becomes a {@link String}. */
    record Text() implements Kind {}

    /** The name of an app; becomes a {@link dev.bunctl.conf.AppName}. */
    record Name() implements Kind {}

    /** A string or a whole number, such as a user's name or id; becomes a {@link String}. */
    record Identity() implements Kind {}

    /** Arguments: a list, or a string that is split at spaces outside quotes; becomes a list of strings. */
    record Words() implements Kind {}

    /** A string or a list of them; becomes a list of strings. */
    record Texts() implements Kind {}

    /** Becomes a {@link Boolean}. */
    record Flag() implements Kind {}

    /** A whole number, or a string of digits; becomes a {@link Long}. */
    record Whole(long least, long most) implements Kind {}

    /** A number, or a string holding one; becomes a {@link Double}. */
    record Real(double least, double most) implements Kind {}

    /** {@code 50}, {@code "50%"}; becomes a {@link Double}. */
    record Percent() implements Kind {}

    /** Bytes, or a string such as {@code "512M"}; becomes a {@link Long}. */
    record Size() implements Kind {}

    /** Milliseconds, or a string such as {@code "10s"}; becomes a {@link java.time.Duration}. */
    record Time() implements Kind {}

    /** One of some words; becomes a {@link String}. */
    record Choice(List<String> words) implements Kind {
        public Choice {
            words = List.copyOf(words);
        }
    }

    /** A number, {@code "max"}, or 0 and less counted from the number of processors; becomes a {@link Long}. */
    record InstanceCount() implements Kind {}

    /** An exit code or a list of them; becomes a set of {@link Integer}. */
    record ExitCodes() implements Kind {}

    /** An octal string such as {@code "027"}, or a number; becomes a {@link Long}. */
    record Mask() implements Kind {}

    /** A signal's name, with or without {@code SIG}; becomes the full name as a {@link String}. */
    record SignalName() implements Kind {}

    /** A signal's name or a list of them; becomes a set of full names as {@link String}. */
    record SignalNames() implements Kind {}

    /** An object of variables; becomes a map of strings to {@link Variable}. */
    record Variables() implements Kind {}

    /** True, or names of variables; becomes a list of strings in which {@code *} stands for all. */
    record Filter() implements Kind {}

    /** True or false, or files and folders; becomes a list of strings, {@code .} for true and none for false. */
    record Watched() implements Kind {}

    /** An object of strings; becomes a map of strings. */
    record Strings() implements Kind {}

    /** App names, or an object of names and conditions; becomes a list of {@link dev.bunctl.conf.Dependency}. */
    record Dependencies() implements Kind {}

    /** An object of POSIX limits; becomes a list of {@link dev.bunctl.conf.Limits.Resource}. */
    record Resources() implements Kind {}

    static Kind text() {
        return new Text();
    }

    static Kind words() {
        return new Words();
    }

    static Kind texts() {
        return new Texts();
    }

    static Kind flag() {
        return new Flag();
    }

    static Kind size() {
        return new Size();
    }

    static Kind period() {
        return new Time();
    }

    static Kind whole(long least, long most) {
        return new Whole(least, most);
    }

    static Kind choice(String... words) {
        return new Choice(List.of(words));
    }
}
