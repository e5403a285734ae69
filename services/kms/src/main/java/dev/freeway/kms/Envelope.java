package dev.freeway.kms;

import dev.freeway.kms.api.KmsErrors;
import dev.freeway.platform.Aead;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Symmetric encryption: a blob that names its key, with the encryption context authenticated.
final class Envelope {
  private Envelope() {}

  static byte[] seal(KeyAccess.Usable key, byte[] plain, @Nullable Map<String, String> context) {
    CiphertextBlob empty =
        new CiphertextBlob(
            key.key().scope().account(), key.key().id(), key.material().number(), new byte[0]);
    byte[] sealed = Aead.seal(aes(key), plain, context(empty, context));
    return new CiphertextBlob(empty.account(), empty.keyId(), empty.material(), sealed).bytes();
  }

  static byte[] open(
      KeyAccess.Usable key, CiphertextBlob blob, @Nullable Map<String, String> context) {
    try {
      return Aead.open(aes(key), blob.sealed(), context(blob, context));
    } catch (AEADBadTagException e) {
      throw KmsErrors.invalidCiphertextException("");
    }
  }

  private static SecretKeySpec aes(KeyAccess.Usable key) {
    return new SecretKeySpec(key.bytes().secret(), "AES");
  }

  private static byte[] context(CiphertextBlob blob, @Nullable Map<String, String> pairs) {
    return Aead.context(blob.header(), pairs == null ? Map.of() : pairs);
  }
}
