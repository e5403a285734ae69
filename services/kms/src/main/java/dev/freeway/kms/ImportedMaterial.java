package dev.freeway.kms;

import dev.freeway.kms.api.KmsErrors;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import org.jspecify.annotations.Nullable;

/// What may be imported into which key.
final class ImportedMaterial {
  private ImportedMaterial() {}

  static byte[] check(StoredKey key, byte[] secret) {
    switch (key.spec().family) {
      case SYMMETRIC, HMAC -> {
        if (secret.length != key.spec().bits / 8) {
          throw KmsErrors.incorrectKeyMaterialException(
              "The key material has " + secret.length + " bytes, not " + key.spec().bits / 8);
        }
      }
      case RSA -> publicKey(key.spec(), secret);
      // Java does not derive the public key of these from the private one.
      case EC, EDWARDS, ML_DSA ->
          throw KmsErrors.unsupportedOperationException(
              "Freeway does not import keys of KeySpec " + key.spec());
    }
    return secret;
  }

  static byte @Nullable [] publicKey(Spec spec, byte[] secret) {
    if (spec.family != Spec.Family.RSA) {
      return null;
    }
    try {
      KeyFactory factory = KeyFactory.getInstance("RSA");
      RSAPrivateCrtKey mine =
          (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(secret));
      BigInteger modulus = mine.getModulus();
      if (modulus.bitLength() != spec.bits) {
        throw KmsErrors.incorrectKeyMaterialException(
            "The key has " + modulus.bitLength() + " bits, not " + spec.bits);
      }
      return factory
          .generatePublic(new RSAPublicKeySpec(modulus, mine.getPublicExponent()))
          .getEncoded();
    } catch (GeneralSecurityException | ClassCastException e) {
      throw KmsErrors.incorrectKeyMaterialException(
          "The key material is not an RSA private key as PKCS#8");
    }
  }
}
