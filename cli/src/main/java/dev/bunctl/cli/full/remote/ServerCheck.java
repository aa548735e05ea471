package dev.bunctl.cli.full.remote;

import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.cli.thin.LinkRefusedException;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Decides within the handshake whether a daemon is the one that is meant. A daemon that is not known is refused, unless the
 * caller said to trust what is there: nothing is trusted silently.
 */
final class ServerCheck extends X509ExtendedTrustManager {
    private final RemoteOptions options;
    private final KnownHosts known;
    private Optional<LinkRefusedException> refusal = Optional.empty();

    ServerCheck(RemoteOptions options, KnownHosts known) {
        this.options = options;
        this.known = known;
    }

    /** Why the daemon was refused, if it was. */
    Optional<LinkRefusedException> refusal() {
        return refusal;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) throws CertificateException {
        try {
            check(chain, kind, socket);
        } catch (LinkRefusedException refused) {
            refusal = Optional.of(refused);
            throw new CertificateException(refused.getMessage(), refused);
        } catch (IOException | GeneralSecurityException failed) {
            throw new CertificateException(failed.getMessage(), failed);
        }
    }

    private void check(X509Certificate[] chain, String kind, Socket socket)
            throws IOException, GeneralSecurityException {
        String shown = Fingerprints.of(chain[0]);
        switch (options.trust()) {
            case RemoteOptions.Trust.Fingerprint(String wanted) -> {
                if (!wanted.equals(shown)) {
                    throw other(shown, "it is not the one that --fingerprint names");
                }
            }
            case RemoteOptions.Trust.Authority(var file) ->
                authorities(store(ClientIdentity.certificates(file))).checkServerTrusted(chain, kind, socket);
            case RemoteOptions.Trust.Known(boolean first) -> checkKnown(chain, kind, socket, shown, first);
            case RemoteOptions.Trust.Unencrypted() -> throw new IllegalStateException("there is no handshake");
        }
    }

    private void checkKnown(X509Certificate[] chain, String kind, Socket socket, String shown, boolean first)
            throws IOException, GeneralSecurityException {
        Optional<String> before = known.fingerprint(options.host(), options.port());
        if (before.isPresent()) {
            if (!before.get().equals(shown)) {
                throw other(shown, "it was another before, see " + known.file());
            }
        } else if (first) {
            known.remember(options.host(), options.port(), shown);
        } else {
            try {
                authorities(null).checkServerTrusted(chain, kind, socket);
            } catch (CertificateException unknown) {
                throw other(shown, "it is not known here");
            }
        }
    }

    private LinkRefusedException other(String shown, String why) {
        return new LinkRefusedException(
                ErrorCode.FORBIDDEN.exitCode(),
                options.host() + ":" + options.port() + " shows the certificate " + shown + ", and " + why,
                "compare it with 'bunctl listen --show' there, then give --fingerprint, or --trust to remember it");
    }

    private static KeyStore store(Certificate[] authorities) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < authorities.length; i++) {
            store.setCertificateEntry("ca" + i, authorities[i]);
        }
        return store;
    }

    /** Those of this Java when none are given. They check the name of the host too, as for HTTPS. */
    private static X509ExtendedTrustManager authorities(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager usable) {
                return usable;
            }
        }
        throw new IllegalStateException("every Java checks certificates");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) throws CertificateException {
        throw new CertificateException("a socket expected");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
        throw new CertificateException("a socket expected");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
