package dev.freeway.sessions;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.UUID;
import java.util.regex.Pattern;

/// A message of the data channel. Its bytes, numbers big-endian: length of the head (4; 116), type
/// (32, padded), version (4; 1), date (8), sequence number (8), flags (8), id (16, the lower half
/// first), SHA-256 of the payload (32), kind of the payload (4), its length (4), the payload.
///
/// @param created milliseconds since the epoch
/// @param kind of the payload; see [Payload]
record AgentMessage(
    String type, long created, long sequence, long flags, UUID id, int kind, byte[] payload) {
  static final String INPUT = "input_stream_data";
  static final String OUTPUT = "output_stream_data";
  static final String ACKNOWLEDGE = "acknowledge";
  static final String CLOSED = "channel_closed";
  static final String START = "start_publication";
  static final String PAUSE = "pause_publication";

  /// First of its stream, and last.
  static final long SYN = 1;

  static final long FIN = 2;

  private static final int HEAD = 116;
  private static final int TYPE = 32;
  private static final int DIGEST = 32;
  private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{32}");

  /// Bytes that are no message.
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String why) {
      super(why);
    }
  }

  byte[] encode() {
    byte[] name = new byte[TYPE];
    Arrays.fill(name, (byte) ' ');
    byte[] given = type.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(given, 0, name, 0, given.length);
    return ByteBuffer.allocate(HEAD + 4 + payload.length)
        .putInt(HEAD)
        .put(name)
        .putInt(1)
        .putLong(created)
        .putLong(sequence)
        .putLong(flags)
        .putLong(id.getLeastSignificantBits())
        .putLong(id.getMostSignificantBits())
        .put(digest(payload))
        .putInt(kind)
        .putInt(payload.length)
        .put(payload)
        .array();
  }

  static AgentMessage decode(byte[] bytes) throws Malformed {
    if (bytes.length < HEAD + 4) {
      throw new Malformed("it has " + bytes.length + " bytes, a head alone has " + (HEAD + 4));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int head = in.getInt();
    byte[] name = new byte[TYPE];
    in.get(name);
    in.getInt();
    long created = in.getLong();
    long sequence = in.getLong();
    long flags = in.getLong();
    long lower = in.getLong();
    UUID id = new UUID(in.getLong(), lower);
    byte[] digest = new byte[DIGEST];
    in.get(digest);
    int kind = in.getInt();
    if (head < HEAD || head > bytes.length - 4) {
      throw new Malformed("its head has " + head + " bytes");
    }
    int length = in.position(head).getInt();
    if (length != in.remaining()) {
      throw new Malformed("its payload has " + in.remaining() + " bytes, not " + length);
    }
    byte[] payload = new byte[length];
    in.get(payload);
    if (length > 0 && !fits(digest(payload), digest)) {
      throw new Malformed("its payload is not what its digest says");
    }
    // Some pad with zeros, some with blanks.
    String type = new String(name, StandardCharsets.US_ASCII).replace('\0', ' ').strip();
    return new AgentMessage(type, created, sequence, flags, id, kind, payload);
  }

  private static byte[] digest(byte[] payload) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(payload);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// There are clients that send hexadecimal digits, and of something else than the payload's
  /// bytes: AWS takes them. Bytes do not change on their way over TCP.
  private static boolean fits(byte[] right, byte[] given) {
    return Arrays.equals(right, given)
        || DIGITS.matcher(new String(given, StandardCharsets.ISO_8859_1)).matches();
  }

  String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }
}
