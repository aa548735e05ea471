package dev.bunctl.cli.full.remote;

import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.wire.FrameChannel;
import dev.bunctl.bridge.wire.Protocol;
import dev.bunctl.cli.thin.Caller;
import dev.bunctl.cli.thin.DaemonLink;
import dev.bunctl.cli.thin.LinkRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** The way to a daemon of another host: TCP, TLS, and a token. */
public final class RemoteLink extends DaemonLink {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int LOGIN_MILLIS = 20_000;

    /** A daemon that makes room for another one listens again within moments; so long it is looked for. */
    private static final Duration COMING_BACK = Duration.ofSeconds(30);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final String WELCOME = "login";

    private final RemoteOptions options;
    private boolean wasThere;

    public RemoteLink(RemoteOptions options) {
        this.options = options;
    }

    @Override
    public String log() {
        return "daemon.log in the home of " + options.host();
    }

    @Override
    protected boolean isOfThisHome() {
        return false;
    }

    @Override
    public FrameChannel connect() throws IOException {
        long until = System.nanoTime() + COMING_BACK.toNanos();
        while (true) {
            try {
                FrameChannel link = opened();
                wasThere = true;
                return link;
            } catch (LinkRefusedException refused) {
                throw refused;
            } catch (IOException unreachable) {
                // Another host announces nothing, so it can only be asked again.
                if (!wasThere || System.nanoTime() > until) {
                    throw new IOException(
                            "no daemon can be reached at " + options.host() + ":" + options.port() + ": "
                                    + unreachable.getMessage(),
                            unreachable);
                }
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            }
        }
    }

    private FrameChannel opened() throws IOException {
        Socket socket = new Socket();
        try {
            InetAddress address = address();
            socket.connect(new InetSocketAddress(address, options.port()), CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(LOGIN_MILLIS);
            Socket clear = encrypted(socket, address);
            FrameChannel link = new FrameChannel(new StreamLink(clear));
            login(link);
            clear.setSoTimeout(0);
            return link;
        } catch (IOException | RuntimeException failed) {
            socket.close();
            throw failed;
        }
    }

    private InetAddress address() throws LinkRefusedException {
        try {
            return InetAddress.getByName(options.host());
        } catch (UnknownHostException unknown) {
            throw new LinkRefusedException(
                    ErrorCode.NO_DAEMON.exitCode(), "no host is called '" + options.host() + "'", "");
        }
    }

    private Socket encrypted(Socket socket, InetAddress address) throws IOException {
        if (options.trust() instanceof RemoteOptions.Trust.Unencrypted) {
            if (!address.isLoopbackAddress()) {
                throw RemoteOptions.usage("--no-tls would show the token to the network; only loopback may go without");
            }
            return socket;
        }
        ServerCheck check = new ServerCheck(options, new KnownHosts(Path.of(Caller.home())));
        try {
            return handshake(socket, check);
        } catch (GeneralSecurityException unusable) {
            throw new LinkRefusedException(ErrorCode.INVALID.exitCode(), "no TLS: " + unusable.getMessage(), "");
        } catch (IOException failed) {
            throw check.refusal().<IOException>map(refused -> refused).orElse(failed);
        }
    }

    private Socket handshake(Socket socket, ServerCheck check) throws IOException, GeneralSecurityException {
        KeyManager[] shown = options.clientCertificate().isPresent()
                ? ClientIdentity.keyManagers(
                        options.clientCertificate().get(), options.clientKey().orElseThrow())
                : null;
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shown, new TrustManager[] {check}, null);
        SSLSocket encrypted =
                (SSLSocket) context.getSocketFactory().createSocket(socket, options.host(), options.port(), true);
        SSLParameters parameters = encrypted.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        encrypted.setSSLParameters(parameters);
        encrypted.startHandshake();
        return encrypted;
    }

    private void login(FrameChannel link) throws IOException {
        link.send(Map.of(
                "type",
                "send",
                "address",
                Protocol.LOGIN,
                "replyAddress",
                WELCOME,
                "body",
                Map.of("version", (long) Protocol.VERSION, "token", options.token())));
        Map<String, @Nullable Object> answer = link.receive();
        if (answer == null) {
            throw new IOException("the connection was closed, as by a daemon that wants a client certificate");
        }
        if (WELCOME.equals(answer.get("address"))) {
            return;
        }
        Optional<Object> why = Optional.ofNullable(answer.get("message"));
        throw new LinkRefusedException(
                ErrorCode.FORBIDDEN.exitCode(),
                "the daemon at " + options.host() + ":" + options.port() + " lets nobody in with this token: "
                        + why.orElse("no reason given"),
                "there, 'bunctl token list' shows the tokens that are valid, and audit.log who was refused");
    }
}
