package dev.freeway.kms;

import dev.freeway.kms.api.KmsErrors;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.List;

/// What kinds of keys there are, and what each can do. SM2 is for AWS's regions in China, and Java
/// has no curve secp256k1: both are refused.
enum Spec {
  SYMMETRIC_DEFAULT(Family.SYMMETRIC, 256, "AES"),
  RSA_2048(Family.RSA, 2048, "RSA"),
  RSA_3072(Family.RSA, 3072, "RSA"),
  RSA_4096(Family.RSA, 4096, "RSA"),
  ECC_NIST_P256(Family.EC, 256, "secp256r1"),
  ECC_NIST_P384(Family.EC, 384, "secp384r1"),
  ECC_NIST_P521(Family.EC, 512, "secp521r1"),
  ECC_NIST_EDWARDS25519(Family.EDWARDS, 512, "Ed25519"),
  ML_DSA_44(Family.ML_DSA, 256, "ML-DSA-44"),
  ML_DSA_65(Family.ML_DSA, 256, "ML-DSA-65"),
  ML_DSA_87(Family.ML_DSA, 256, "ML-DSA-87"),
  HMAC_224(Family.HMAC, 224, "HmacSHA224"),
  HMAC_256(Family.HMAC, 256, "HmacSHA256"),
  HMAC_384(Family.HMAC, 384, "HmacSHA384"),
  HMAC_512(Family.HMAC, 512, "HmacSHA512");

  enum Family {
    SYMMETRIC,
    RSA,
    EC,
    EDWARDS,
    ML_DSA,
    HMAC
  }

  private static final SecureRandom RANDOM = new SecureRandom();

  final Family family;
  final int bits;

  /// The name in Java's cryptography of the algorithm or curve.
  final String java;

  Spec(Family family, int bits, String java) {
    this.family = family;
    this.bits = bits;
    this.java = java;
  }

  static Spec of(String name) {
    return Arrays.stream(values())
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                KmsErrors.unsupportedOperationException("Freeway has no keys of KeySpec " + name));
  }

  boolean asymmetric() {
    return family != Family.SYMMETRIC && family != Family.HMAC;
  }

  List<String> usages() {
    return switch (family) {
      case SYMMETRIC -> List.of("ENCRYPT_DECRYPT");
      case RSA -> List.of("ENCRYPT_DECRYPT", "SIGN_VERIFY");
      case EC -> List.of("SIGN_VERIFY", "KEY_AGREEMENT");
      case EDWARDS, ML_DSA -> List.of("SIGN_VERIFY");
      case HMAC -> List.of("GENERATE_VERIFY_MAC");
    };
  }

  List<String> encryptionAlgorithms() {
    return switch (family) {
      case SYMMETRIC -> List.of("SYMMETRIC_DEFAULT");
      case RSA -> List.of("RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256");
      case EC, EDWARDS, ML_DSA, HMAC -> List.of();
    };
  }

  List<String> signingAlgorithms() {
    return switch (family) {
      case RSA ->
          List.of(
              "RSASSA_PKCS1_V1_5_SHA_256",
              "RSASSA_PKCS1_V1_5_SHA_384",
              "RSASSA_PKCS1_V1_5_SHA_512",
              "RSASSA_PSS_SHA_256",
              "RSASSA_PSS_SHA_384",
              "RSASSA_PSS_SHA_512");
      case EC -> List.of("ECDSA_SHA_" + bits);
      case EDWARDS -> List.of("ED25519_SHA_512");
      case ML_DSA -> List.of("ML_DSA_SHAKE_256");
      case SYMMETRIC, HMAC -> List.of();
    };
  }

  List<String> macAlgorithms() {
    return family == Family.HMAC ? List.of("HMAC_SHA_" + bits) : List.of();
  }

  /// Fresh material: the secret's bytes, or the pair's as PKCS#8 and SubjectPublicKeyInfo.
  KeyBytes generate() {
    if (!asymmetric()) {
      byte[] secret = new byte[bits / 8];
      RANDOM.nextBytes(secret);
      return new KeyBytes(secret, null);
    }
    try {
      KeyPair pair = generator().generateKeyPair();
      return new KeyBytes(pair.getPrivate().getEncoded(), pair.getPublic().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyPairGenerator generator() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(family == Family.EC ? "EC" : java);
    if (family == Family.RSA) {
      generator.initialize(bits);
    } else if (family == Family.EC) {
      generator.initialize(new ECGenParameterSpec(java));
    }
    return generator;
  }

  /// The name for Java's key factories.
  String factory() {
    return switch (family) {
      case EC -> "EC";
      case RSA, EDWARDS, ML_DSA, SYMMETRIC, HMAC -> java;
    };
  }
}
