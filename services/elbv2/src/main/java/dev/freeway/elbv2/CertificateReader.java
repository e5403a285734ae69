package dev.freeway.elbv2;

import dev.freeway.elbv2.api.Elbv2Errors;
import dev.freeway.elbv2.uses.acm.AcmApi;
import dev.freeway.elbv2.uses.acm.NoteCertificateUseRequest;
import dev.freeway.elbv2.uses.acm.ReadCertificateForServiceRequest;
import dev.freeway.elbv2.uses.acm.ReadCertificateForServiceResponse;
import dev.freeway.ingress.TlsCertificate;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Certificates with their keys, as Certificate Manager has them. Read outside transactions; plans
/// look at what was read.
final class CertificateReader {
  private final Platform platform;
  private final Map<String, TlsCertificate> read = new ConcurrentHashMap<>();

  CertificateReader(Platform platform) {
    this.platform = platform;
  }

  /// Reads it anew. Throws CertificateNotFound when it is not there, or has no key.
  TlsCertificate require(String arn) {
    if (!arn.matches("arn:aws[a-z-]*:acm:[^:]+:\\d{12}:certificate/.+")) {
      throw notFound(arn);
    }
    try {
      ReadCertificateForServiceResponse found =
          platform
              .clients()
              .call(
                  platform.background(scope(arn), "elasticloadbalancing"),
                  AcmApi.READ_CERTIFICATE_FOR_SERVICE,
                  ReadCertificateForServiceRequest.builder().certificateArn(arn).build());
      List<java.security.cert.X509Certificate> chain =
          new ArrayList<>(PemText.certificates(found.certificate()));
      if (found.certificateChain() != null) {
        chain.addAll(PemText.certificates(found.certificateChain()));
      }
      TlsCertificate certificate =
          new TlsCertificate(
              arn,
              chain,
              PemText.key(found.privateKey(), chain.getFirst().getPublicKey().getAlgorithm()));
      read.put(arn, certificate);
      return certificate;
    } catch (AwsException e) {
      throw e.is("ResourceNotFoundException") ? notFound(arn) : e;
    } catch (GeneralSecurityException e) {
      throw AwsException.client(
          "UnsupportedCertificate", "Certificate '" + arn + "' cannot be used: " + e.getMessage());
    }
  }

  private static AwsException notFound(String arn) {
    return Elbv2Errors.certificateNotFoundException("Certificate '" + arn + "' not found");
  }

  private static Scope scope(String arn) {
    Arn parsed = Arn.parse(arn).orElseThrow(() -> notFound(arn));
    return new Scope(parsed.account(), parsed.region());
  }

  /// What was read last; empty for what was not, or could not be.
  Optional<TlsCertificate> known(String arn) {
    return Optional.ofNullable(read.get(arn));
  }

  /// Reads what is missing, or all anew. Returns whether anything is other than before.
  boolean refresh(Iterable<String> arns, boolean anew) {
    boolean changed = false;
    for (String arn : arns) {
      TlsCertificate before = read.get(arn);
      if (before == null || anew) {
        try {
          changed |= !require(arn).equals(before);
        } catch (AwsException gone) {
          // A listener goes on with the certificate it has.
          System.getLogger(CertificateReader.class.getName())
              .log(System.Logger.Level.WARNING, arn + ": " + gone.getMessage());
        }
      }
    }
    return changed;
  }

  /// Tells Certificate Manager who uses it. A certificate that is gone is no concern.
  void note(String arn, String balancerArn, boolean inUse) {
    try {
      platform
          .clients()
          .call(
              platform.background(scope(arn), "elasticloadbalancing"),
              AcmApi.NOTE_CERTIFICATE_USE,
              NoteCertificateUseRequest.builder()
                  .certificateArn(arn)
                  .resourceArn(balancerArn)
                  .inUse(inUse)
                  .build());
    } catch (AwsException e) {
      if (!e.is("ResourceNotFoundException")) {
        throw e;
      }
    }
  }
}
