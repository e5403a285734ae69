package dev.freeway.acm;

import dev.freeway.platform.Certificates;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Table;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;

/// The node's own certificate authority, which issues what is requested. Nobody trusts it but who
/// adds its certificate to what they trust.
final class Authority {
  private static final Table<Own> TABLE = new Table<>("acm_authority", Own.class);
  private static final Scope HOME = new Scope(Scope.DEFAULT_ACCOUNT, Scope.DEFAULT_REGION);
  private static final Duration LIFE = Duration.ofDays(3650);
  private static final String NAME = "Freeway local certificate authority";

  /// @param certificate DER
  record Own(byte[] certificate, byte[] sealedKey) {}

  private final Platform platform;
  private final KeyVault vault;

  Authority(Platform platform, KeyVault vault) {
    this.platform = platform;
    this.vault = vault;
  }

  Certificates.Signer signer() {
    try {
      Own own = platform.store().read(tx -> tx.get(TABLE, "node")).orElseGet(this::make);
      return new Certificates.Signer(
          Certificates.parse(own.certificate()),
          KeyFactory.getInstance("RSA")
              .generatePrivate(
                  new PKCS8EncodedKeySpec(vault.open(HOME, "authority", own.sealedKey()))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Own make() {
    KeyPair pair = Keys.generate("RSA_2048");
    Instant now = platform.clock().instant();
    X509Certificate root =
        Certificates.issue(
            new Certificates.Statement(
                NAME,
                java.util.List.of(),
                pair.getPublic(),
                true,
                now.minus(Duration.ofDays(1)),
                now.plus(LIFE)),
            new Certificates.Signer(null, pair.getPrivate()));
    byte[] sealed = vault.seal(HOME, "authority", pair.getPrivate().getEncoded());
    try {
      Own made = new Own(root.getEncoded(), sealed);
      return platform
          .store()
          .write(
              tx -> {
                tx.insertIfAbsent(TABLE, "node", made);
                return tx.get(TABLE, "node").orElseThrow();
              });
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
