package dev.freeway.sns;

import dev.freeway.platform.Certificates;
import dev.freeway.platform.HttpRoute;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.sns.uses.kms.DecryptRequest;
import dev.freeway.sns.uses.kms.EncryptRequest;
import dev.freeway.sns.uses.kms.KmsApi;
import dev.freeway.store.Table;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Signs what goes out, by a key of the node's own, and serves the certificate to check it with.
/// The key is stored encrypted by KMS (`alias/aws/sns` of the default account and region).
final class Signer implements HttpRoute {
  static final String PATH = "/_freeway/sns/SimpleNotificationService.pem";
  private static final Table<Pair> TABLE = new Table<>("sns_signing", Pair.class);
  private static final Scope HOME = new Scope(Scope.DEFAULT_ACCOUNT, Scope.DEFAULT_REGION);

  /// @param sealed the private key as PKCS#8, under KMS
  /// @param certificate DER
  record Pair(byte[] sealed, byte[] certificate) {}

  private final Platform platform;
  private @Nullable PrivateKey key;
  private byte @Nullable [] certificate;

  Signer(Platform platform) {
    this.platform = platform;
  }

  String sign(Scope scope, byte[] text, String version) {
    try {
      Signature signature =
          Signature.getInstance(version.equals("2") ? "SHA256withRSA" : "SHA1withRSA");
      signature.initSign(key());
      signature.update(text);
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized PrivateKey key() {
    PrivateKey known = key;
    if (known == null) {
      Pair pair = platform.store().read(tx -> tx.get(TABLE, "node")).orElseGet(this::make);
      try {
        byte[] plain =
            platform
                .clients()
                .call(
                    platform.background(HOME, "sns"),
                    KmsApi.DECRYPT,
                    DecryptRequest.builder().ciphertextBlob(pair.sealed()).build())
                .plaintext();
        known = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(plain));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
      key = known;
      certificate = pair.certificate();
    }
    return known;
  }

  private Pair make() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      KeyPair pair = generator.generateKeyPair();
      Instant now = platform.clock().instant();
      var statement =
          new Certificates.Statement(
              "sns.amazonaws.com",
              List.of("sns.amazonaws.com", "localhost"),
              pair.getPublic(),
              false,
              now.minus(Duration.ofDays(1)),
              now.plus(Duration.ofDays(3650)));
      byte[] cert =
          Certificates.issue(statement, new Certificates.Signer(null, pair.getPrivate()))
              .getEncoded();
      byte[] sealed =
          platform
              .clients()
              .call(
                  platform.background(HOME, "sns"),
                  KmsApi.ENCRYPT,
                  EncryptRequest.builder()
                      .keyId("alias/aws/sns")
                      .plaintext(pair.getPrivate().getEncoded())
                      .build())
              .ciphertextBlob();
      Pair made = new Pair(sealed, cert);
      platform.store().update(tx -> tx.put(TABLE, "node", made));
      return made;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean matches(WireRequest request) {
    return request.rawPath().equals(PATH);
  }

  @Override
  public WireResponse handle(WireRequest request) {
    key();
    String pem = Certificates.pem("CERTIFICATE", Objects.requireNonNull(certificate));
    return WireResponse.of(200, "application/x-pem-file", pem.getBytes(StandardCharsets.US_ASCII));
  }
}
