package dev.freeway.ingress;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// A certificate with its chain, leaf first, and its key.
///
/// @param id what the access log calls it: its ARN
public record TlsCertificate(String id, List<X509Certificate> chain, PrivateKey key) {
  public TlsCertificate {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("A certificate is missing");
    }
  }

  X509Certificate leaf() {
    return chain.getFirst();
  }
}
