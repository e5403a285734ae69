package dev.freeway.kms;

import dev.freeway.wire.AwsException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAKey;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Cipher;

/// Signs and verifies, of messages or of digests that the caller made.
final class Signatures {
  // DER of DigestInfo up to the digest (RFC 8017, 9.2).
  private static final Map<String, byte[]> DIGEST_INFO =
      Map.of(
          "SHA-256", hex("3031300d060960864801650304020105000420"),
          "SHA-384", hex("3041300d060960864801650304020205000430"),
          "SHA-512", hex("3051300d060960864801650304020305000440"));

  private Signatures() {}

  private static byte[] hex(String text) {
    return java.util.HexFormat.of().parseHex(text);
  }

  static byte[] sign(KeyAccess.Usable key, String algorithm, String type, byte[] message) {
    try {
      return switch (key.key().spec().family) {
        case RSA -> {
          byte[] digest = digest(algorithm, type, message);
          if (algorithm.contains("PSS")) {
            byte[] encoded = Pss.encode(digest, hash(algorithm), modulusBits(key));
            yield rsa(Cipher.DECRYPT_MODE, "RSA/ECB/NoPadding", key, encoded);
          }
          yield rsa(
              Cipher.ENCRYPT_MODE, "RSA/ECB/PKCS1Padding", key, digestInfo(algorithm, digest));
        }
        case EC -> signature("NONEwithECDSA", key, digest(algorithm, type, message));
        case EDWARDS, ML_DSA -> {
          requireRaw(algorithm, type);
          yield signature(key.key().spec().java, key, message);
        }
        case SYMMETRIC, HMAC -> throw new IllegalStateException();
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static boolean verify(
      KeyAccess.Usable key, String algorithm, String type, byte[] message, byte[] signature) {
    try {
      return switch (key.key().spec().family) {
        case RSA -> verifyRsa(key, algorithm, digest(algorithm, type, message), signature);
        case EC -> verified("NONEwithECDSA", key, digest(algorithm, type, message), signature);
        case EDWARDS, ML_DSA -> {
          requireRaw(algorithm, type);
          yield verified(key.key().spec().java, key, message, signature);
        }
        case SYMMETRIC, HMAC -> throw new IllegalStateException();
      };
    } catch (SignatureException e) {
      // Bytes that are no signature at all.
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean verifyRsa(
      KeyAccess.Usable key, String algorithm, byte[] digest, byte[] signature)
      throws GeneralSecurityException {
    Cipher cipher =
        Cipher.getInstance(
            algorithm.contains("PSS") ? "RSA/ECB/NoPadding" : "RSA/ECB/PKCS1Padding");
    boolean pss = algorithm.contains("PSS");
    cipher.init(pss ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE, KeyPairs.publicKey(key));
    byte[] opened;
    try {
      opened = cipher.doFinal(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
    return pss
        ? Pss.verify(opened, digest, hash(algorithm), modulusBits(key))
        : Arrays.equals(opened, digestInfo(algorithm, digest));
  }

  private static int modulusBits(KeyAccess.Usable key) {
    return ((RSAKey) KeyPairs.publicKey(key)).getModulus().bitLength();
  }

  private static byte[] rsa(int mode, String how, KeyAccess.Usable key, byte[] in)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(how);
    cipher.init(mode, KeyPairs.privateKey(key));
    return cipher.doFinal(in);
  }

  private static byte[] signature(String how, KeyAccess.Usable key, byte[] in)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(how);
    signature.initSign(KeyPairs.privateKey(key));
    signature.update(in);
    return signature.sign();
  }

  private static boolean verified(String how, KeyAccess.Usable key, byte[] in, byte[] sig)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(how);
    signature.initVerify(KeyPairs.publicKey(key));
    signature.update(in);
    return signature.verify(sig);
  }

  private static String hash(String algorithm) {
    return "SHA-" + algorithm.substring(algorithm.length() - 3);
  }

  private static byte[] digestInfo(String algorithm, byte[] digest) {
    byte[] prefix = Objects.requireNonNull(DIGEST_INFO.get(hash(algorithm)), algorithm);
    byte[] all = Arrays.copyOf(prefix, prefix.length + digest.length);
    System.arraycopy(digest, 0, all, prefix.length, digest.length);
    return all;
  }

  private static byte[] digest(String algorithm, String type, byte[] message)
      throws GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance(hash(algorithm));
    if (type.equals("RAW")) {
      return digest.digest(message);
    }
    if (!type.equals("DIGEST")) {
      throw AwsException.client(
          "ValidationException",
          "MessageType " + type + " is not compatible with SigningAlgorithm " + algorithm);
    }
    if (message.length != digest.getDigestLength()) {
      throw AwsException.client(
          "ValidationException", "Digest is invalid length for algorithm " + algorithm + ".");
    }
    return message;
  }

  private static void requireRaw(String algorithm, String type) {
    if (!type.equals("RAW")) {
      throw AwsException.client(
          "ValidationException",
          "Freeway signs by " + algorithm + " with MessageType RAW only, not " + type);
    }
  }
}
