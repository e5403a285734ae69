package dev.freeway.ingress;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// How a listener ends TLS.
///
/// @param certificates the default one first; a client's server name chooses among them
/// @param protocols `TLSv1.2`, `TLSv1.3`; what this Java does not offer is left out
/// @param ciphers by OpenSSL's names, in order of preference; empty: what Java prefers
/// @param alpn application protocols in order of preference; empty: none is negotiated
public record TlsConfig(
    List<TlsCertificate> certificates,
    List<String> protocols,
    List<String> ciphers,
    List<String> alpn,
    Optional<ClientCertificates> clients) {

  public TlsConfig {
    certificates = List.copyOf(certificates);
    protocols = List.copyOf(protocols);
    ciphers = List.copyOf(ciphers);
    alpn = List.copyOf(alpn);
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("A TLS listener needs a certificate");
    }
  }

  /// What a listener has when nobody set anything else.
  public static TlsConfig of(List<TlsCertificate> certificates) {
    return new TlsConfig(
        certificates,
        List.of("TLSv1.2", "TLSv1.3"),
        List.of(),
        List.of("http/1.1"),
        Optional.empty());
  }

  /// Mutual TLS.
  public sealed interface ClientCertificates {
    /// Whatever a client shows is told to the target.
    record Passthrough() implements ClientCertificates {}

    /// Only clients with a certificate of one of these authorities come in.
    ///
    /// @param advertise whether clients are told the authorities' names
    record Verify(
        List<X509Certificate> authorities,
        List<X509CRL> revoked,
        boolean ignoreExpiry,
        boolean advertise)
        implements ClientCertificates {
      public Verify {
        authorities = List.copyOf(authorities);
        revoked = List.copyOf(revoked);
      }
    }
  }
}
