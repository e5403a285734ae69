package dev.freeway.ingress;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Whom a load balancer believes: any target (as on AWS), and the clients that a listener says.
final class TlsTrust extends X509ExtendedTrustManager {
  static final TlsTrust ANYBODY = new TlsTrust(Optional.empty());

  private final Optional<TlsConfig.ClientCertificates.Verify> verify;

  private TlsTrust(Optional<TlsConfig.ClientCertificates.Verify> verify) {
    this.verify = verify;
  }

  static TlsTrust of(TlsConfig config) {
    return config
        .clients()
        .filter(TlsConfig.ClientCertificates.Verify.class::isInstance)
        .map(TlsConfig.ClientCertificates.Verify.class::cast)
        .map(v -> new TlsTrust(Optional.of(v)))
        .orElse(ANYBODY);
  }

  private static void check(TlsConfig.ClientCertificates.Verify rules, X509Certificate[] shown)
      throws CertificateException {
    List<X509Certificate> path = new ArrayList<>(Arrays.asList(shown));
    // A root that the client sends along is no part of the path.
    path.removeIf(rules.authorities()::contains);
    if (path.isEmpty()) {
      return;
    }
    try {
      PKIXParameters parameters =
          new PKIXParameters(
              rules.authorities().stream()
                  .map(a -> new TrustAnchor(a, null))
                  .collect(Collectors.toSet()));
      parameters.setRevocationEnabled(!rules.revoked().isEmpty());
      if (!rules.revoked().isEmpty()) {
        parameters.addCertStore(
            CertStore.getInstance(
                "Collection", new CollectionCertStoreParameters(rules.revoked())));
      }
      if (rules.ignoreExpiry()) {
        parameters.setDate(new Date(path.getFirst().getNotAfter().getTime() - 1000));
      }
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    } catch (GeneralSecurityException e) {
      throw new CertificateException("client certificate: " + e.getMessage(), e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    if (verify.isPresent()) {
      check(verify.get(), chain);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
    // Load balancers do not verify their targets.
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
    // Load balancers do not verify their targets.
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType) {
    // Load balancers do not verify their targets.
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return verify
        .filter(TlsConfig.ClientCertificates.Verify::advertise)
        .map(v -> v.authorities().toArray(X509Certificate[]::new))
        .orElseGet(() -> new X509Certificate[0]);
  }
}
