package dev.freeway.kms;

import dev.freeway.kms.api.KmsErrors;
import dev.freeway.wire.AwsException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/// RSAES-OAEP.
final class RsaEncryption {
  private RsaEncryption() {}

  static byte[] encrypt(KeyAccess.Usable key, String algorithm, byte[] plain) {
    int most = key.key().spec().bits / 8 - 2 - 2 * (algorithm.endsWith("256") ? 32 : 20);
    if (plain.length > most) {
      throw AwsException.client(
          "ValidationException",
          "Algorithm "
              + algorithm
              + " and key spec "
              + key.key().spec()
              + " cannot encrypt data larger than "
              + most
              + " bytes.");
    }
    try {
      return cipher(Cipher.ENCRYPT_MODE, KeyPairs.publicKey(key), algorithm).doFinal(plain);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] decrypt(KeyAccess.Usable key, String algorithm, byte[] blob) {
    try {
      return cipher(Cipher.DECRYPT_MODE, KeyPairs.privateKey(key), algorithm).doFinal(blob);
    } catch (GeneralSecurityException e) {
      throw KmsErrors.invalidCiphertextException("");
    }
  }

  static Cipher cipher(int mode, Key key, String algorithm) throws GeneralSecurityException {
    boolean sha256 = algorithm.endsWith("256");
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
    cipher.init(
        mode,
        key,
        new OAEPParameterSpec(
            sha256 ? "SHA-256" : "SHA-1",
            "MGF1",
            sha256 ? MGF1ParameterSpec.SHA256 : MGF1ParameterSpec.SHA1,
            PSource.PSpecified.DEFAULT));
    return cipher;
  }
}
