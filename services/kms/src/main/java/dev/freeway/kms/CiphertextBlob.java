package dev.freeway.kms;

import dev.freeway.kms.api.KmsErrors;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What a symmetric key makes of a plaintext: it starts like AWS's blobs (`AQICAHh…`) and names the
/// key and its material, so that Decrypt needs nothing else.
///
/// @param material the number of the key's material, 1 being the first
/// @param sealed nonce, ciphertext and tag
record CiphertextBlob(String account, String keyId, int material, byte[] sealed) {
  private static final byte[] START = {1, 2, 2, 0, 0x78};

  /// The bytes before the sealed ones; they are authenticated with them.
  byte[] header() {
    byte[] name = (account + "/" + keyId).getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(START.length + 1 + name.length + 4)
        .put(START)
        .put((byte) name.length)
        .put(name)
        .putInt(material)
        .array();
  }

  byte[] bytes() {
    byte[] header = header();
    return ByteBuffer.allocate(header.length + sealed.length).put(header).put(sealed).array();
  }

  /// Throws InvalidCiphertextException for bytes that are none.
  static CiphertextBlob parse(byte[] blob) {
    try {
      ByteBuffer in = ByteBuffer.wrap(blob);
      byte[] start = new byte[START.length];
      in.get(start);
      byte[] name = new byte[in.get() & 0xff];
      in.get(name);
      int material = in.getInt();
      byte[] sealed = new byte[in.remaining()];
      in.get(sealed);
      String[] parts = new String(name, StandardCharsets.US_ASCII).split("/");
      if (Arrays.equals(start, START) && parts.length == 2) {
        return new CiphertextBlob(parts[0], parts[1], material, sealed);
      }
    } catch (BufferUnderflowException e) {
      throw KmsErrors.invalidCiphertextException("");
    }
    throw KmsErrors.invalidCiphertextException("");
  }
}
