package dev.freeway.iam;

import dev.freeway.iam.api.IamErrors;
import dev.freeway.platform.Certificates;
import dev.freeway.wire.AwsException;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/// An RSA public key of at least 2,048 bits, as SSH (RFC 4253, 6.6) and as PEM.
record RsaKey(RSAPublicKey key) {
  private static final String TYPE = "ssh-rsa";
  private static final int LEAST_BITS = 2048;

  /// Throws InvalidPublicKey.
  static RsaKey parse(String text) {
    try {
      RSAPublicKey key = text.strip().startsWith("-----") ? ofPem(text) : ofSsh(text);
      if (key.getModulus().bitLength() < LEAST_BITS) {
        throw invalid();
      }
      return new RsaKey(key);
    } catch (GeneralSecurityException
        | IllegalArgumentException
        | ClassCastException
        | BufferUnderflowException e) {
      throw invalid();
    }
  }

  private static RSAPublicKey ofPem(String text) throws GeneralSecurityException {
    byte[] der = Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
    return (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
  }

  private static RSAPublicKey ofSsh(String text) throws GeneralSecurityException {
    String[] words = text.strip().split("\\s+");
    if (words.length < 2 || !words[0].equals(TYPE)) {
      throw new IllegalArgumentException("not " + TYPE);
    }
    ByteBuffer in = ByteBuffer.wrap(Base64.getDecoder().decode(words[1]));
    if (!new String(field(in), StandardCharsets.US_ASCII).equals(TYPE)) {
      throw new IllegalArgumentException("not " + TYPE);
    }
    BigInteger exponent = new BigInteger(field(in));
    BigInteger modulus = new BigInteger(field(in));
    return (RSAPublicKey)
        KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
  }

  private static byte[] field(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("truncated");
    }
    byte[] field = new byte[length];
    in.get(field);
    return field;
  }

  private byte[] blob() {
    byte[] type = TYPE.getBytes(StandardCharsets.US_ASCII);
    byte[] e = key.getPublicExponent().toByteArray();
    byte[] n = key.getModulus().toByteArray();
    ByteBuffer out = ByteBuffer.allocate(3 * Integer.BYTES + type.length + e.length + n.length);
    for (byte[] field : new byte[][] {type, e, n}) {
      out.putInt(field.length).put(field);
    }
    return out.array();
  }

  String ssh() {
    return TYPE + " " + Base64.getEncoder().encodeToString(blob());
  }

  String pem() {
    return Certificates.pem("PUBLIC KEY", key.getEncoded());
  }

  /// The MD5 digest that IAM shows, in pairs of digits.
  String fingerprint() {
    try {
      return HexFormat.ofDelimiter(":").formatHex(MessageDigest.getInstance("MD5").digest(blob()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static AwsException invalid() {
    return IamErrors.invalidPublicKeyException("The public key is malformed or otherwise invalid.");
  }
}
