package dev.freeway.acm;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Certificates;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Issues what was requested, and again sixty days before it ends.
final class Issuance implements Reconciler {
  static final String KIND = "acm.certificate";
  private static final Duration LIFE = Duration.ofDays(395);
  private static final Duration AHEAD = Duration.ofDays(60);

  private final Platform platform;
  private final CertificateTable certificates;
  private final KeyVault vault;
  private final Authority authority;

  Issuance(Platform platform, CertificateTable certificates, KeyVault vault, Authority authority) {
    this.platform = platform;
    this.certificates = certificates;
    this.vault = vault;
    this.authority = authority;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    Optional<Certificate> found = platform.store().read(tx -> certificates.find(tx, key));
    Instant now = platform.clock().instant();
    if (found.isPresent() && !found.get().imported() && isDue(found.get(), now)) {
      issue(found.get());
    }
    return Outcome.done();
  }

  private static boolean isDue(Certificate c, Instant now) {
    return c.issued() == null || !now.isBefore(c.issued().notAfter().minus(AHEAD));
  }

  void issue(Certificate c) {
    Instant now = platform.clock().instant();
    KeyPair pair = Keys.generate(c.keyAlgorithm());
    Certificates.Signer signer = authority.signer();
    Instant to = now.plus(LIFE);
    X509Certificate made =
        Certificates.issue(
            new Certificates.Statement(
                c.names().getFirst(),
                c.names(),
                pair.getPublic(),
                false,
                now.minus(Duration.ofHours(1)),
                to),
            signer);
    byte[] sealed = vault.seal(c.scope(), c.arn(), pair.getPrivate().getEncoded());
    Certificate.Issued issued;
    try {
      issued =
          new Certificate.Issued(
              Certificates.pem("CERTIFICATE", made.getEncoded()),
              Certificates.pem(
                  "CERTIFICATE", Objects.requireNonNull(signer.certificate()).getEncoded()),
              sealed,
              now,
              made.getNotBefore().toInstant(),
              made.getNotAfter().toInstant());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    platform
        .store()
        .update(
            tx ->
                certificates
                    .find(tx, c.key())
                    .ifPresent(
                        latest -> {
                          certificates.save(tx, latest.with(issued));
                          platform.flow().wakeAt(tx, KIND, c.key(), to.minus(AHEAD));
                          platform.events().publish(tx, available(c, now));
                        }));
  }

  private static Event available(Certificate c, Instant now) {
    return Event.of(
        c.scope(),
        now,
        "aws.acm",
        "ACM Certificate Available",
        List.of(c.arn()),
        Map.of(
            "Action", c.issued() == null ? "ISSUANCE" : "RENEWAL",
            "CertificateType", "AMAZON_ISSUED",
            "CommonName", c.names().getFirst(),
            "DomainValidationMethod", c.wanted().method(),
            "CertificateCreatedDate", c.created().toString(),
            "InUse", !c.users().isEmpty(),
            "Exported", c.exported()));
  }
}
