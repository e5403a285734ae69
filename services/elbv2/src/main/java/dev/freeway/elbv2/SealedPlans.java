package dev.freeway.elbv2;

import dev.freeway.elbv2.api.Cipher;
import dev.freeway.elbv2.api.MutualAuthenticationAttributes;
import dev.freeway.elbv2.api.SslPolicy;
import dev.freeway.ingress.ListenerAttributes;
import dev.freeway.ingress.TlsCertificate;
import dev.freeway.ingress.TlsConfig;
import dev.freeway.store.ReadTx;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What listeners say of TLS and of headers, in the words of the data plane.
final class SealedPlans {
  private SealedPlans() {}

  /// Empty when the default certificate is not known.
  static Optional<TlsConfig> of(CertificateReader reader, ReadTx tx, Balancer b, ListenerEntry l) {
    List<TlsCertificate> certificates = new ArrayList<>();
    for (String arn : l.allCertificates()) {
      Optional<TlsCertificate> known = reader.known(arn);
      if (known.isEmpty() && certificates.isEmpty()) {
        return Optional.empty();
      }
      known.ifPresent(certificates::add);
    }
    SslPolicy policy = SslPolicies.named(l.api().sslPolicy());
    return Optional.of(
        new TlsConfig(
            certificates,
            policy.sslProtocols(),
            policy.ciphers().stream().map(Cipher::name).toList(),
            l.isHttp() ? versions(b) : alpn(l.api().alpnPolicy()),
            clients(tx, l.api().mutualAuthentication())));
  }

  private static List<String> versions(Balancer b) {
    return b.attribute("routing.http2.enabled").equals("true")
        ? List.of("h2", "http/1.1")
        : List.of("http/1.1");
  }

  private static List<String> alpn(@org.jspecify.annotations.Nullable List<String> policy) {
    return policy == null || policy.isEmpty()
        ? List.of()
        : Sealing.ALPN.getOrDefault(policy.getFirst(), List.of());
  }

  private static Optional<TlsConfig.ClientCertificates> clients(
      ReadTx tx, @org.jspecify.annotations.Nullable MutualAuthenticationAttributes mutual) {
    if (mutual == null) {
      return Optional.empty();
    }
    return switch (mutual.mode()) {
      case "passthrough" -> Optional.of(new TlsConfig.ClientCertificates.Passthrough());
      case "verify" -> Optional.of(verify(tx, mutual));
      default -> Optional.empty();
    };
  }

  private static TlsConfig.ClientCertificates verify(
      ReadTx tx, MutualAuthenticationAttributes mutual) {
    TrustStoreEntry store = tx.get(State.TRUST_STORES, mutual.trustStoreArn()).orElseThrow();
    List<X509CRL> revoked = new ArrayList<>();
    try {
      for (TrustStoreEntry.Revocation r : store.revocations()) {
        revoked.addAll(PemText.revocations(r.pem()));
      }
      return new TlsConfig.ClientCertificates.Verify(
          PemText.certificates(store.bundle()),
          revoked,
          Boolean.TRUE.equals(mutual.ignoreClientCertificateExpiry()),
          "on".equals(mutual.advertiseTrustStoreCaNames()));
    } catch (CertificateException | CRLException e) {
      throw new IllegalStateException("stored trust store " + store.arn(), e);
    }
  }

  static ListenerAttributes attributes(ListenerEntry l) {
    if (!l.isHttp()) {
      return new ListenerAttributes(
          true,
          Map.of(),
          Map.of(),
          Optional.of(Duration.ofSeconds(seconds(l.attribute("tcp.idle_timeout.seconds")))));
    }
    Map<String, String> response = new TreeMap<>();
    Map<String, String> request = new TreeMap<>();
    l.attributes()
        .forEach(
            (key, value) -> {
              if (value.isEmpty()) {
                return;
              }
              if (key.endsWith(".header_value")) {
                response.put(header(key), value);
              } else if (key.endsWith(".header_name")) {
                request.put(header(key), value);
              }
            });
    return new ListenerAttributes(
        !l.attribute("routing.http.response.server.enabled").equals("false"),
        response,
        request,
        Optional.empty());
  }

  private static long seconds(String text) {
    return text.isEmpty() ? 350 : Long.parseLong(text);
  }

  /// `routing.http.response.x_frame_options.header_value` is about `X-Frame-Options`.
  private static String header(String key) {
    String[] parts = key.split("\\.");
    StringBuilder name = new StringBuilder();
    for (String word : parts[3].split("_")) {
      name.append(name.isEmpty() ? "" : "-");
      name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return name.toString();
  }
}
