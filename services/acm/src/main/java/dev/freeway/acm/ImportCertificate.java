package dev.freeway.acm;

import dev.freeway.acm.api.AcmErrors;
import dev.freeway.acm.api.ImportCertificateRequest;
import dev.freeway.acm.api.ImportCertificateResponse;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Takes a certificate with its key, or the successor of one that was imported.
final class ImportCertificate
    implements Handler<ImportCertificateRequest, ImportCertificateResponse> {
  private static final int DNS = 2;

  private final Platform platform;
  private final CertificateTable certificates;
  private final KeyVault vault;

  ImportCertificate(Platform platform, CertificateTable certificates, KeyVault vault) {
    this.platform = platform;
    this.certificates = certificates;
    this.vault = vault;
  }

  @Override
  public ImportCertificateResponse handle(Call call, ImportCertificateRequest in) {
    List<X509Certificate> bodies = Pem.certificates(in.certificate(), "certificate");
    if (bodies.size() > 1) {
      throw AcmErrors.validationException(
          "The certificate field contains more than one certificate. You can specify only one certificate in this field.");
    }
    X509Certificate body = bodies.getFirst();
    checkTime(call, body);
    checkChain(body, in.certificateChain());
    byte[] key = Pem.key(in.privateKey(), body.getPublicKey());
    Certificate c = certificate(call, in, body);
    Certificate.Issued issued =
        new Certificate.Issued(
            text(in.certificate()),
            in.certificateChain() == null ? null : text(in.certificateChain()),
            vault.seal(c.scope(), c.arn(), key),
            call.at(),
            body.getNotBefore().toInstant(),
            body.getNotAfter().toInstant());
    platform.store().update(tx -> certificates.save(tx, c.with(issued)));
    return new ImportCertificateResponse(c.arn());
  }

  private Certificate certificate(Call call, ImportCertificateRequest in, X509Certificate body) {
    List<String> names = names(body);
    String algorithm = Keys.algorithm(body.getPublicKey());
    if (in.certificateArn() == null) {
      return new Certificate(
          call.scope(),
          Ids.uuid(),
          names,
          algorithm,
          null,
          null,
          call.at(),
          false,
          false,
          "DISABLED",
          TagOperations.checked(Map.of(), in.tags() == null ? List.of() : in.tags()),
          Set.of());
    }
    if (in.tags() != null && !in.tags().isEmpty()) {
      throw AcmErrors.validationException("Tagging is not permitted on re-import.");
    }
    Certificate before =
        platform.store().read(tx -> certificates.require(tx, call, in.certificateArn()));
    if (!before.imported()) {
      throw AcmErrors.validationException(
          "The certificate " + before.arn() + " was not imported: it cannot be imported again.");
    }
    return new Certificate(
        before.scope(),
        before.id(),
        names,
        algorithm,
        null,
        null,
        before.created(),
        false,
        false,
        before.transparency(),
        before.tags(),
        before.users());
  }

  private static void checkTime(Call call, X509Certificate body) {
    if (call.at().isAfter(body.getNotAfter().toInstant())) {
      throw AcmErrors.validationException("The certificate has expired and cannot be imported.");
    }
    if (call.at().isBefore(body.getNotBefore().toInstant())) {
      throw AcmErrors.validationException("The certificate is not in its validity period.");
    }
  }

  private static void checkChain(
      X509Certificate body, byte @org.jspecify.annotations.Nullable [] chain) {
    if (chain == null) {
      return;
    }
    X509Certificate below = body;
    for (X509Certificate next : Pem.certificates(chain, "certificate chain")) {
      try {
        below.verify(next.getPublicKey());
      } catch (GeneralSecurityException e) {
        throw AcmErrors.validationException(
            "Could not validate the certificate with the certificate chain.");
      }
      below = next;
    }
  }

  private static List<String> names(X509Certificate body) {
    Set<String> names = new LinkedHashSet<>();
    for (String part : body.getSubjectX500Principal().getName().split(",")) {
      if (part.startsWith("CN=")) {
        names.add(part.substring(3));
      }
    }
    try {
      var alternatives = body.getSubjectAlternativeNames();
      if (alternatives != null) {
        alternatives.stream()
            .filter(a -> a.getFirst().equals(DNS))
            .forEach(a -> names.add((String) a.get(1)));
      }
    } catch (GeneralSecurityException e) {
      throw AcmErrors.validationException("The certificate is not valid.");
    }
    return names.isEmpty() ? List.of("") : new ArrayList<>(names);
  }

  private static String text(byte[] pem) {
    return new String(pem, StandardCharsets.US_ASCII).strip() + "\n";
  }
}
