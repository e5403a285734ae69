package dev.freeway.acm;

import dev.freeway.acm.api.AcmErrors;
import dev.freeway.platform.Certificates;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads certificates and keys as PEM.
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  /// @param type such as `RSA PRIVATE KEY`
  private record Block(String type, byte[] der) {}

  private Pem() {}

  private static List<Block> blocks(byte[] pem, String what) {
    List<Block> all = new ArrayList<>();
    Matcher m = BLOCK.matcher(new String(pem, StandardCharsets.US_ASCII));
    try {
      while (m.find()) {
        all.add(new Block(m.group(1), Base64.getMimeDecoder().decode(m.group(2).strip())));
      }
    } catch (IllegalArgumentException e) {
      throw AcmErrors.validationException("The " + what + " is not valid.");
    }
    if (all.isEmpty()) {
      throw AcmErrors.validationException("The " + what + " is not in PEM format.");
    }
    return all;
  }

  static List<X509Certificate> certificates(byte[] pem, String what) {
    List<X509Certificate> all = new ArrayList<>();
    for (Block b : blocks(pem, what)) {
      try {
        all.add(Certificates.parse(b.der));
      } catch (GeneralSecurityException e) {
        throw AcmErrors.validationException("The " + what + " is not valid.");
      }
    }
    return all;
  }

  /// The key as PKCS#8, if it is the one of this public key.
  static byte[] key(byte[] pem, PublicKey key) {
    Block block =
        blocks(pem, "private key").stream()
            .filter(b -> b.type.endsWith("PRIVATE KEY"))
            .findFirst()
            .orElseThrow(
                () -> AcmErrors.validationException("The private key is not in PEM format."));
    byte[] pkcs8 =
        switch (block.type) {
          case "PRIVATE KEY" -> block.der;
          case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> Certificates.pkcs8(block.der, key);
          default ->
              throw AcmErrors.validationException(
                  "The private key is encrypted or of an unknown kind: " + block.type);
        };
    if (!fits(pkcs8, key)) {
      throw AcmErrors.validationException("The private key does not match the certificate.");
    }
    return pkcs8;
  }

  private static boolean fits(byte[] pkcs8, PublicKey key) {
    try {
      PrivateKey mine =
          KeyFactory.getInstance(key.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      String how = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
      Signature signature = Signature.getInstance(how);
      signature.initSign(mine);
      signature.update(pkcs8);
      byte[] signed = signature.sign();
      signature.initVerify(key);
      signature.update(pkcs8);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
