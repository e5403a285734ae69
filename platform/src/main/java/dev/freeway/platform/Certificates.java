package dev.freeway.platform;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes X.509 certificates (RFC 5280): Java reads them, but offers no way to make one.
public final class Certificates {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Certificates() {}

  /// What a certificate says.
  ///
  /// @param names the DNS names it is for; may hold wildcards
  /// @param authority whether it may sign others
  public record Statement(
      String commonName,
      List<String> names,
      PublicKey key,
      boolean authority,
      Instant from,
      Instant to) {}

  /// Who signs: the certificate is null for one that signs itself.
  public record Signer(@Nullable X509Certificate certificate, PrivateKey key) {}

  public static X509Certificate issue(Statement s, Signer signer) {
    try {
      boolean rsa = signer.key().getAlgorithm().equals("RSA");
      byte[] algorithm =
          rsa
              ? Der.sequence(Der.oid("1.2.840.113549.1.1.11"), Der.tag(0x05))
              : Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
      byte[] subject = name(s.commonName());
      byte[] issuer =
          signer.certificate() == null
              ? subject
              : signer.certificate().getSubjectX500Principal().getEncoded();
      byte[] body =
          Der.sequence(
              Der.tag(0xa0, Der.integer(BigInteger.TWO)),
              Der.integer(new BigInteger(127, RANDOM).setBit(126)),
              algorithm,
              issuer,
              Der.sequence(Der.time(s.from()), Der.time(s.to())),
              subject,
              s.key().getEncoded(),
              Der.tag(0xa3, extensions(s, signer)));
      Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
      signature.initSign(signer.key());
      signature.update(body);
      return parse(Der.sequence(body, algorithm, Der.bits(signature.sign())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] name(String commonName) {
    return Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.utf8(commonName))));
  }

  private static byte[] extensions(Statement s, Signer signer) throws GeneralSecurityException {
    List<byte[]> all = new ArrayList<>();
    all.add(
        extension(
            "2.5.29.19", true, s.authority() ? Der.sequence(Der.bool(true)) : Der.sequence()));
    // digitalSignature and keyEncipherment, or keyCertSign and cRLSign.
    byte[] usage = s.authority() ? new byte[] {1, 0x06} : new byte[] {5, (byte) 0xa0};
    all.add(extension("2.5.29.15", true, Der.tag(0x03, usage)));
    all.add(extension("2.5.29.14", false, Der.octets(keyId(s.key()))));
    PublicKey issuer = signer.certificate() == null ? s.key() : signer.certificate().getPublicKey();
    all.add(extension("2.5.29.35", false, Der.sequence(Der.tag(0x80, keyId(issuer)))));
    if (!s.authority()) {
      all.add(
          extension(
              "2.5.29.37",
              false,
              Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"), Der.oid("1.3.6.1.5.5.7.3.2"))));
    }
    if (!s.names().isEmpty()) {
      byte[][] names =
          s.names().stream()
              .map(n -> Der.tag(0x82, n.getBytes(StandardCharsets.US_ASCII)))
              .toArray(byte[][]::new);
      all.add(extension("2.5.29.17", false, Der.sequence(names)));
    }
    return Der.sequence(all.toArray(byte[][]::new));
  }

  private static byte[] extension(String oid, boolean critical, byte[] value) {
    return critical
        ? Der.sequence(Der.oid(oid), Der.bool(true), Der.octets(value))
        : Der.sequence(Der.oid(oid), Der.octets(value));
  }

  private static byte[] keyId(PublicKey key) throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-1").digest(key.getEncoded());
  }

  public static X509Certificate parse(byte[] der) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  /// A private key as PKCS#8, of one in its algorithm's own form (`RSA PRIVATE KEY`, `EC PRIVATE
  /// KEY`): the algorithm is that of its public key.
  public static byte[] pkcs8(byte[] own, PublicKey key) {
    byte[] info = key.getEncoded();
    // SubjectPublicKeyInfo is a sequence that begins with the algorithm, another one.
    int from = info[1] >= 0 ? 2 : 2 + (info[1] & 0x7f);
    int length = info[from + 1];
    byte[] algorithm = java.util.Arrays.copyOfRange(info, from, from + 2 + length);
    return Der.sequence(Der.integer(BigInteger.ZERO), algorithm, Der.octets(own));
  }

  /// An EncryptedPrivateKeyInfo (RFC 5958) by PBES2.
  ///
  /// @param parameters DER of the PBES2 parameters
  public static byte[] encryptedKey(byte[] parameters, byte[] sealed) {
    return Der.sequence(
        Der.sequence(Der.oid("1.2.840.113549.1.5.13"), parameters), Der.octets(sealed));
  }

  /// The PEM form, with a line feed at its end.
  ///
  /// @param type such as `CERTIFICATE`
  public static String pem(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }
}
