package dev.freeway.acm;

import dev.freeway.acm.api.AcmErrors;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Map;

/// ACM's names of key algorithms.
final class Keys {
  private static final Map<String, String> CURVES =
      Map.of(
          "EC_prime256v1", "secp256r1", "EC_secp384r1", "secp384r1", "EC_secp521r1", "secp521r1");
  private static final Map<Integer, String> CURVE_BITS =
      Map.of(256, "EC_prime256v1", 384, "EC_secp384r1", 521, "EC_secp521r1");

  private Keys() {}

  static KeyPair generate(String algorithm) {
    try {
      boolean rsa = algorithm.startsWith("RSA_");
      KeyPairGenerator generator = KeyPairGenerator.getInstance(rsa ? "RSA" : "EC");
      if (rsa) {
        generator.initialize(Integer.parseInt(algorithm.substring(4)));
      } else {
        generator.initialize(new ECGenParameterSpec(CURVES.get(algorithm)));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String algorithm(PublicKey key) {
    return switch (key) {
      case RSAKey rsa -> "RSA_" + rsa.getModulus().bitLength();
      case ECKey ec -> CURVE_BITS.getOrDefault(ec.getParams().getOrder().bitLength(), "");
      default ->
          throw AcmErrors.validationException(
              "The key algorithm " + key.getAlgorithm() + " is not supported.");
    };
  }
}
