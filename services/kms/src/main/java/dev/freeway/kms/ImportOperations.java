package dev.freeway.kms;

import dev.freeway.kms.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/// Material that the caller brings, wrapped for a pair of keys that lives in the import token.
final class ImportOperations {
  private static final Duration VALID = Duration.ofHours(24);
  private static final Map<String, Integer> RSA_BITS =
      Map.of("RSA_2048", 2048, "RSA_3072", 3072, "RSA_4096", 4096);
  private static final List<String> WRAPPINGS =
      List.of(
          "RSAES_OAEP_SHA_1",
          "RSAES_OAEP_SHA_256",
          "RSA_AES_KEY_WRAP_SHA_1",
          "RSA_AES_KEY_WRAP_SHA_256");

  private final Platform platform;
  private final Keys keys;
  private final MasterKey master;
  private final KeyView view;

  ImportOperations(Platform platform, Keys keys, MasterKey master, KeyView view) {
    this.platform = platform;
    this.keys = keys;
    this.master = master;
    this.view = view;
  }

  GetParametersForImportResponse parameters(Call call, GetParametersForImportRequest in) {
    StoredKey key = importable(call, in.keyId());
    Integer bits = RSA_BITS.get(in.wrappingKeySpec());
    if (bits == null || !WRAPPINGS.contains(in.wrappingAlgorithm())) {
      throw KmsErrors.unsupportedOperationException(
          "Freeway wraps by RSA keys with "
              + WRAPPINGS
              + ", not by "
              + in.wrappingKeySpec()
              + " with "
              + in.wrappingAlgorithm());
    }
    Instant until = call.at().plus(VALID);
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      KeyPair pair = generator.generateKeyPair();
      byte[] secret = pair.getPrivate().getEncoded();
      byte[] token =
          ByteBuffer.allocate(9 + secret.length)
              .putLong(until.getEpochSecond())
              .put((byte) WRAPPINGS.indexOf(in.wrappingAlgorithm()))
              .put(secret)
              .array();
      return GetParametersForImportResponse.builder()
          .keyId(key.arn().toString())
          .importToken(master.seal(token, "import/" + key.id()))
          .publicKey(pair.getPublic().getEncoded())
          .parametersValidTo(until)
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private StoredKey importable(Call call, String id) {
    StoredKey key = platform.store().read(tx -> keys.requireOwn(tx, call, id));
    if (!key.imported()) {
      throw KmsErrors.unsupportedOperationException(
          key.arn() + " origin is " + key.origin() + " which is not valid for this operation.");
    }
    KeyOperations.refuseDeleted(key);
    return key;
  }

  ImportKeyMaterialResponse bring(Call call, ImportKeyMaterialRequest in) {
    StoredKey key = importable(call, in.keyId());
    if ("NEW_KEY_MATERIAL".equals(in.importType()) && key.current() > 0) {
      throw KmsErrors.unsupportedOperationException(
          "Freeway keeps one imported material per key: a second one cannot be rotated in");
    }
    boolean expires = !"KEY_MATERIAL_DOES_NOT_EXPIRE".equals(in.expirationModel());
    if (expires && (in.validTo() == null || !in.validTo().isAfter(call.at()))) {
      throw dev.freeway.wire.AwsException.client(
          "ValidationException",
          "A ValidTo date in the future is required when ExpirationModel is KEY_MATERIAL_EXPIRES");
    }
    byte[] secret = ImportedMaterial.check(key, unwrap(call, key, in));
    String id = materialId(key, secret);
    byte[] publicKey = ImportedMaterial.publicKey(key.spec(), secret);
    platform
        .store()
        .update(
            tx -> {
              StoredKey now = keys.requireOwn(tx, call, in.keyId());
              KeyOperations.refuseDeleted(now);
              keys.material(tx, now, 1)
                  .filter(m -> !m.id().equals(id))
                  .ifPresent(
                      m -> {
                        throw KmsErrors.incorrectKeyMaterialException(
                            "The key material is not the one that was imported before.");
                      });
              Material material =
                  new Material(
                      1,
                      id,
                      keys.seal(now.id(), 1, secret),
                      publicKey,
                      call.at(),
                      null,
                      expires ? in.validTo() : null,
                      in.keyMaterialDescription());
              keys.addMaterial(tx, now, material);
              String state = now.is("PendingImport") ? "Enabled" : now.state();
              keys.save(tx, now.withCurrent(1).inState(state));
              if (expires) {
                platform
                    .flow()
                    .wakeAt(tx, KeyReconciler.KIND, now.scope().key(now.id()), in.validTo());
              }
            });
    return new ImportKeyMaterialResponse(
        key.arn().toString(), key.spec() == Spec.SYMMETRIC_DEFAULT ? id : null);
  }

  private static String materialId(StoredKey key, byte[] secret) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(key.id().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest.digest(secret));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] unwrap(Call call, StoredKey key, ImportKeyMaterialRequest in) {
    byte[] token;
    try {
      token = master.open(in.importToken(), "import/" + key.id());
    } catch (IllegalStateException e) {
      throw KmsErrors.invalidImportTokenException("The import token is not one of this key.");
    }
    ByteBuffer parts = ByteBuffer.wrap(token);
    Instant until = Instant.ofEpochSecond(parts.getLong());
    String wrapping = WRAPPINGS.get(parts.get());
    if (call.at().isAfter(until)) {
      throw KmsErrors.expiredImportTokenException("The import token expired at " + until + ".");
    }
    try {
      PrivateKey mine =
          KeyFactory.getInstance("RSA")
              .generatePrivate(new PKCS8EncodedKeySpec(Arrays.copyOfRange(token, 9, token.length)));
      return unwrap(mine, wrapping, in.encryptedKeyMaterial());
    } catch (GeneralSecurityException e) {
      throw KmsErrors.invalidCiphertextException("The key material cannot be unwrapped.");
    }
  }

  private static byte[] unwrap(PrivateKey mine, String wrapping, byte[] wrapped)
      throws GeneralSecurityException {
    Cipher rsa = RsaEncryption.cipher(Cipher.DECRYPT_MODE, mine, wrapping);
    if (!wrapping.startsWith("RSA_AES")) {
      return rsa.doFinal(wrapped);
    }
    // The AES key under RSA, then the material under the AES key.
    int size = ((java.security.interfaces.RSAKey) mine).getModulus().bitLength() / 8;
    if (wrapped.length <= size) {
      throw new GeneralSecurityException("too short");
    }
    byte[] aes = rsa.doFinal(wrapped, 0, size);
    Cipher kwp = Cipher.getInstance("AESWrapPad");
    kwp.init(Cipher.DECRYPT_MODE, new SecretKeySpec(aes, "AES"));
    return kwp.doFinal(wrapped, size, wrapped.length - size);
  }

  DeleteImportedKeyMaterialResponse forget(Call call, DeleteImportedKeyMaterialRequest in) {
    StoredKey key = importable(call, in.keyId());
    return platform
        .store()
        .write(
            tx -> {
              StoredKey now = keys.requireOwn(tx, call, in.keyId());
              Material m = keys.material(tx, now, 1).orElse(null);
              if (m != null && m.sealed() != null) {
                keys.addMaterial(tx, now, m.without());
                keys.save(tx, now.inState("PendingImport"));
              }
              String id = view.of(tx, key).currentKeyMaterialId();
              return new DeleteImportedKeyMaterialResponse(key.arn().toString(), id);
            });
  }
}
