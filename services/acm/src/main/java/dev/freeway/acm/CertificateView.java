package dev.freeway.acm;

import dev.freeway.acm.api.*;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Certificates as DescribeCertificate and ListCertificates answer them.
final class CertificateView {
  private static final Map<String, String> EXTENDED =
      Map.of(
          "1.3.6.1.5.5.7.3.1", "TLS_WEB_SERVER_AUTHENTICATION",
          "1.3.6.1.5.5.7.3.2", "TLS_WEB_CLIENT_AUTHENTICATION",
          "1.3.6.1.5.5.7.3.3", "CODE_SIGNING",
          "1.3.6.1.5.5.7.3.4", "EMAIL_PROTECTION");
  private static final List<String> USAGES =
      List.of(
          "DIGITAL_SIGNATURE",
          "NON_REPUDIATION",
          "KEY_ENCIPHERMENT",
          "DATA_ENCIPHERMENT",
          "KEY_AGREEMENT",
          "CERTIFICATE_SIGNING",
          "CRL_SIGNING",
          "ENCIPHER_ONLY",
          "DECIPHER_ONLY");

  private CertificateView() {}

  static CertificateDetail detail(Certificate c, Instant now) {
    Certificate.Issued issued = c.issued();
    X509Certificate x =
        issued == null
            ? null
            : Pem.certificates(issued.body().getBytes(StandardCharsets.US_ASCII), "certificate")
                .getFirst();
    return CertificateDetail.builder()
        .certificateArn(c.arn())
        .domainName(c.names().getFirst())
        .subjectAlternativeNames(c.names())
        .domainValidationOptions(c.imported() ? null : validations(c))
        .serial(x == null ? null : serial(x))
        .subject(x == null ? "CN=" + c.names().getFirst() : x.getSubjectX500Principal().getName())
        .issuer(x == null ? "" : x.getIssuerX500Principal().getName().replaceFirst("^CN=", ""))
        .createdAt(c.imported() ? null : c.created())
        .issuedAt(c.imported() || issued == null ? null : issued.at())
        .importedAt(c.imported() && issued != null ? issued.at() : null)
        .status(c.status(now))
        .notBefore(issued == null ? null : issued.notBefore())
        .notAfter(issued == null ? null : issued.notAfter())
        .keyAlgorithm(c.keyAlgorithm().replace('_', c.keyAlgorithm().startsWith("RSA") ? '-' : '_'))
        .signatureAlgorithm(x == null ? null : x.getSigAlgName().toUpperCase(java.util.Locale.ROOT))
        .inUseBy(List.copyOf(new java.util.TreeSet<>(c.users())))
        .type(c.imported() ? "IMPORTED" : "AMAZON_ISSUED")
        .keyUsages(x == null ? List.of() : keyUsages(x).stream().map(KeyUsage::new).toList())
        .extendedKeyUsages(x == null ? List.of() : extended(x))
        .renewalEligibility(c.imported() || c.users().isEmpty() ? "INELIGIBLE" : "ELIGIBLE")
        .options(options(c))
        .build();
  }

  static CertificateOptions options(Certificate c) {
    return new CertificateOptions(c.transparency(), c.exportable() ? "ENABLED" : "DISABLED");
  }

  private static String serial(X509Certificate x) {
    return HexFormat.ofDelimiter(":").formatHex(x.getSerialNumber().toByteArray());
  }

  private static List<String> keyUsages(X509Certificate x) {
    boolean[] bits = x.getKeyUsage();
    List<String> found = new ArrayList<>();
    for (int i = 0; bits != null && i < bits.length; i++) {
      if (bits[i]) {
        found.add(USAGES.get(i));
      }
    }
    return found;
  }

  private static List<ExtendedKeyUsage> extended(X509Certificate x) {
    try {
      List<String> oids = x.getExtendedKeyUsage();
      return oids == null
          ? List.of()
          : oids.stream()
              .map(o -> new ExtendedKeyUsage(EXTENDED.getOrDefault(o, "CUSTOM"), o))
              .toList();
    } catch (GeneralSecurityException e) {
      return List.of();
    }
  }

  // The records that AWS would want to see. Nobody looks for them here.
  private static List<DomainValidation> validations(Certificate c) {
    Set<String> names = new LinkedHashSet<>(c.names());
    return names.stream()
        .map(
            name ->
                DomainValidation.builder()
                    .domainName(name)
                    .validationDomain(name)
                    .validationStatus(c.issued() == null ? "PENDING_VALIDATION" : "SUCCESS")
                    .validationMethod(c.wanted().method())
                    .resourceRecord(c.wanted().method().equals("DNS") ? record(c, name) : null)
                    .validationEmails(c.wanted().method().equals("EMAIL") ? List.of() : null)
                    .build())
        .toList();
  }

  private static ResourceRecord record(Certificate c, String name) {
    String domain = name.startsWith("*.") ? name.substring(2) : name;
    return new ResourceRecord(
        "_" + digest(c.scope().account() + domain) + "." + domain + ".",
        "CNAME",
        "_" + digest(domain + c.scope().account()) + ".acm-validations.aws.");
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)))
          .substring(0, 32);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static CertificateSummary summary(Certificate c, Instant now) {
    CertificateDetail d = detail(c, now);
    return CertificateSummary.builder()
        .certificateArn(d.certificateArn())
        .domainName(d.domainName())
        .subjectAlternativeNameSummaries(c.names().stream().limit(100).toList())
        .hasAdditionalSubjectAlternativeNames(c.names().size() > 100)
        .status(d.status())
        .type(d.type())
        .keyAlgorithm(d.keyAlgorithm())
        .keyUsages(names(d.keyUsages()))
        .extendedKeyUsages(d.extendedKeyUsages().stream().map(ExtendedKeyUsage::name).toList())
        .exportOption(d.options().export())
        .inUse(!c.users().isEmpty())
        .exported(c.exported())
        .renewalEligibility(d.renewalEligibility())
        .notBefore(d.notBefore())
        .notAfter(d.notAfter())
        .createdAt(d.createdAt())
        .issuedAt(d.issuedAt())
        .importedAt(d.importedAt())
        .build();
  }

  private static List<String> names(@Nullable List<KeyUsage> usages) {
    return usages == null ? List.of() : usages.stream().map(KeyUsage::name).toList();
  }
}
