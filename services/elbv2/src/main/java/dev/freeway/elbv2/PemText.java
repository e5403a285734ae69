package dev.freeway.elbv2;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/// Reads what is written as PEM.
final class PemText {
  private PemText() {}

  /// In the order they come.
  static List<X509Certificate> certificates(String pem) throws CertificateException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
        .stream()
        .map(X509Certificate.class::cast)
        .toList();
  }

  static List<X509CRL> revocations(String pem) throws CertificateException, CRLException {
    return CertificateFactory.getInstance("X.509")
        .generateCRLs(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
        .stream()
        .map(X509CRL.class::cast)
        .toList();
  }

  /// PKCS#8 without a passphrase.
  static PrivateKey key(String pem, String algorithm) throws GeneralSecurityException {
    String body = pem.replaceAll("-----[A-Z0-9 ]+-----", "").replaceAll("\\s", "");
    return KeyFactory.getInstance(algorithm)
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
  }
}
