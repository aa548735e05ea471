package dev.bunctl.bridge.command;

import java.util.List;

/** The options that stand in front of a command for the daemon of another host; the client reads them. */
public final class RemoteHost {
    /** What makes a command one for another host. */
    public static final String HOST = "host";

    /** All of them. */
    public static final List<OptionSpec> OPTIONS = List.of(
            OptionSpec.value(
                    HOST, "", "HOST[:PORT]", "the daemon whose bridge listens there (listen); port 9616 unless given"),
            OptionSpec.value(
                    "token",
                    "",
                    "TOKEN",
                    "who asks (token create); others can see it in the table of processes, so better:"),
            OptionSpec.value("token-file", "", "FILE", "a file with the token; without either, BUNCTL_TOKEN is taken"),
            OptionSpec.value(
                    "fingerprint",
                    "",
                    "SHA256",
                    "the certificate that is expected, as 'bunctl listen --show' prints it"),
            OptionSpec.value("ca", "", "FILE", "who has signed the certificate that is expected, in PEM"),
            OptionSpec.flag("trust", "", "take a certificate that is not known yet for the right one, and remember it"),
            OptionSpec.flag("no-tls", "", "the bridge is not encrypted; on loopback only"),
            OptionSpec.value("cert", "", "FILE", "the certificate to show where one is asked for, in PEM"),
            OptionSpec.value("key", "", "FILE", "its private key, in PEM (PKCS #8)"));

    static final String USAGE = "bunctl --host HOST[:PORT] [OPTIONS] COMMAND";

    static final String ABOUT =
            "Every command but those about this host (doctor, update, startup, unstartup, daemon, init,"
                    + " validate, config) can be for another one. What start and apply read is read here, with the paths and the"
                    + " environment of the caller, and must mean the same there. A daemon that is not known is refused: nothing is"
                    + " trusted that was not compared or told to be.";

    private RemoteHost() {}

    static boolean isOption(String shown) {
        return OPTIONS.stream().anyMatch(option -> shown.equals("--" + option.name()));
    }
}
