package dev.freeway.ingress;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Chooses the certificate by the server name that the client sent: one that has exactly that name,
/// else one with a fitting wildcard, else the default.
final class TlsKeys extends X509ExtendedKeyManager {
  private record Entry(TlsCertificate certificate, List<String> names) {}

  private final List<Entry> entries = new ArrayList<>();

  TlsKeys(List<TlsCertificate> certificates) {
    for (TlsCertificate certificate : certificates) {
      entries.add(new Entry(certificate, TlsNames.of(certificate.leaf())));
    }
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    for (int i : candidates(hostOf(engine))) {
      String algorithm = entries.get(i).certificate.leaf().getPublicKey().getAlgorithm();
      if (keyType.equals(algorithm) || keyType.startsWith(algorithm + "_")) {
        return String.valueOf(i);
      }
    }
    return null;
  }

  private List<Integer> candidates(@Nullable String host) {
    List<Integer> exact = new ArrayList<>();
    List<Integer> wild = new ArrayList<>();
    for (int i = 0; host != null && i < entries.size(); i++) {
      for (String name : entries.get(i).names) {
        if (TlsNames.matches(name, host)) {
          (name.startsWith("*.") ? wild : exact).add(i);
        }
      }
    }
    return !exact.isEmpty() ? exact : !wild.isEmpty() ? wild : List.of(0);
  }

  static @Nullable String hostOf(SSLEngine engine) {
    if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
      for (SNIServerName name : session.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          return host.getAsciiName().toLowerCase(Locale.ROOT);
        }
      }
    }
    return null;
  }

  /// The name of the certificate that a session showed; empty when it is none of these.
  String idOf(java.security.cert.Certificate shown) {
    return entries.stream()
        .map(Entry::certificate)
        .filter(c -> c.leaf().equals(shown))
        .map(TlsCertificate::id)
        .findFirst()
        .orElse("");
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return entries.get(Integer.parseInt(alias)).certificate.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return entries.get(Integer.parseInt(alias)).certificate.key();
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
