package dev.freeway.acm;

import dev.freeway.acm.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Certificates;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.wire.Structure;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Reads, exports, renews and deletes certificates.
final class CertificateOperations {
  static final Structure.Empty NOTHING = new Structure.Empty();
  private static final int PAGE = 1000;
  private static final String PBES2 = "PBEWithHmacSHA256AndAES_256";

  private final Platform platform;
  private final CertificateTable certificates;
  private final KeyVault vault;
  private final Issuance issuance;

  CertificateOperations(
      Platform platform, CertificateTable certificates, KeyVault vault, Issuance issuance) {
    this.platform = platform;
    this.certificates = certificates;
    this.vault = vault;
    this.issuance = issuance;
  }

  private Certificate require(Call call, String arn) {
    return platform.store().read(tx -> certificates.require(tx, call, arn));
  }

  private Certificate.Issued issued(Certificate c) {
    if (c.issued() == null) {
      throw AcmErrors.requestInProgressException(
          "The certificate " + c.arn() + " has not been issued yet.");
    }
    return c.issued();
  }

  DescribeCertificateResponse describe(Call call, DescribeCertificateRequest in) {
    return new DescribeCertificateResponse(
        CertificateView.detail(require(call, in.certificateArn()), call.at()));
  }

  GetCertificateResponse get(Call call, GetCertificateRequest in) {
    Certificate.Issued issued = issued(require(call, in.certificateArn()));
    return new GetCertificateResponse(issued.body(), issued.chain());
  }

  ListCertificatesResponse list(Call call, ListCertificatesRequest in) {
    List<String> types =
        in.includes() == null || in.includes().keyTypes() == null
            // As AWS does it: without a filter, the oldest two kinds of keys only.
            ? List.of("RSA_1024", "RSA_2048")
            : in.includes().keyTypes();
    Comparator<Certificate> newest =
        Comparator.comparing(Certificate::created).thenComparing(Certificate::id);
    List<Certificate> all =
        platform.store().read(tx -> certificates.all(tx, call.scope())).stream()
            .filter(c -> types.contains(c.keyAlgorithm()))
            .filter(
                c ->
                    in.certificateStatuses() == null
                        || in.certificateStatuses().isEmpty()
                        || in.certificateStatuses().contains(c.status(call.at())))
            .sorted("DESCENDING".equals(in.sortOrder()) ? newest.reversed() : newest)
            .toList();
    record Numbered(String number, Certificate certificate) {}
    List<Numbered> numbered = new java.util.ArrayList<>();
    all.forEach(c -> numbered.add(new Numbered(dev.freeway.store.Key.number(numbered.size()), c)));
    var page =
        Page.of(
            numbered,
            Numbered::number,
            in.nextToken(),
            in.maxItems(),
            PAGE,
            AcmErrors.validationException("Invalid NextToken"));
    return new ListCertificatesResponse(
        page.nextToken(), page.map(n -> CertificateView.summary(n.certificate(), call.at())));
  }

  Structure.Empty delete(Call call, DeleteCertificateRequest in) {
    platform
        .store()
        .update(
            tx -> {
              Certificate c = certificates.require(tx, call, in.certificateArn());
              if (!c.users().isEmpty()) {
                throw AcmErrors.resourceInUseException(
                    "Certificate "
                        + c.arn()
                        + " in account "
                        + c.scope().account()
                        + " is in use.");
              }
              certificates.delete(tx, c);
            });
    return NOTHING;
  }

  ExportCertificateResponse export(Call call, ExportCertificateRequest in) {
    Certificate c = require(call, in.certificateArn());
    if (c.imported() || !c.exportable()) {
      throw AcmErrors.validationException(
          "Certificate ARN: "
              + c.arn()
              + " is not a private certificate or one whose export is enabled");
    }
    Certificate.Issued issued = issued(c);
    byte[] key = vault.open(c.scope(), c.arn(), issued.sealedKey());
    String pem = Certificates.pem("ENCRYPTED PRIVATE KEY", encrypted(key, in.passphrase()));
    platform
        .store()
        .update(
            tx ->
                certificates
                    .find(tx, c.key())
                    .ifPresent(now -> certificates.save(tx, now.exportedOnce())));
    return new ExportCertificateResponse(issued.body(), issued.chain(), pem);
  }

  private static byte[] encrypted(byte[] pkcs8, byte[] passphrase) {
    try {
      char[] password = new String(passphrase, StandardCharsets.UTF_8).toCharArray();
      Cipher cipher = Cipher.getInstance(PBES2);
      cipher.init(
          Cipher.ENCRYPT_MODE,
          SecretKeyFactory.getInstance(PBES2).generateSecret(new PBEKeySpec(password)));
      byte[] sealed = cipher.doFinal(pkcs8);
      AlgorithmParameters parameters = cipher.getParameters();
      return Certificates.encryptedKey(parameters.getEncoded(), sealed);
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  Structure.Empty renew(Call call, RenewCertificateRequest in) {
    Certificate c = require(call, in.certificateArn());
    if (c.imported()) {
      throw AcmErrors.validationException(
          "The certificate " + c.arn() + " was imported: ACM does not renew it.");
    }
    issued(c);
    issuance.issue(c);
    return NOTHING;
  }

  Structure.Empty options(Call call, UpdateCertificateOptionsRequest in) {
    platform
        .store()
        .update(
            tx -> {
              Certificate c = certificates.require(tx, call, in.certificateArn());
              if (c.imported()) {
                throw AcmErrors.invalidStateException(
                    "The certificate " + c.arn() + " was imported: it has no options.");
              }
              String log = in.options().certificateTransparencyLoggingPreference();
              String export = in.options().export();
              certificates.save(
                  tx,
                  c.withOptions(
                      log == null ? c.transparency() : log,
                      export == null ? c.exportable() : export.equals("ENABLED")));
            });
    return NOTHING;
  }

  /// For services of the node only: a load balancer needs the key.
  ReadCertificateForServiceResponse readForService(Call call, ReadCertificateForServiceRequest in) {
    requireService(call);
    Certificate c = require(call, in.certificateArn());
    Certificate.Issued issued = issued(c);
    byte[] key = vault.open(c.scope(), c.arn(), issued.sealedKey());
    return new ReadCertificateForServiceResponse(
        issued.body(), issued.chain(), Certificates.pem("PRIVATE KEY", key));
  }

  /// For services of the node only: what `InUseBy` tells and a deletion minds.
  Structure.Empty noteUse(Call call, NoteCertificateUseRequest in) {
    requireService(call);
    platform
        .store()
        .update(
            tx -> {
              Certificate c = certificates.require(tx, call, in.certificateArn());
              Set<String> users = new HashSet<>(c.users());
              if (in.inUse()) {
                users.add(in.resourceArn());
              } else {
                users.remove(in.resourceArn());
              }
              certificates.save(tx, c.withUsers(users));
            });
    return NOTHING;
  }

  private static void requireService(Call call) {
    String arn = call.principal().arn();
    if (!call.principal().verified() || !arn.endsWith(".amazonaws.com")) {
      throw AcmErrors.accessDeniedException("Only services of this node may ask for that");
    }
  }
}
