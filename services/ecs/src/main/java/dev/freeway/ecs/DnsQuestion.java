package dev.freeway.ecs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// What a DNS query asks (RFC 1035), as far as it is answered here: one question of class IN.
///
/// @param id of the query
/// @param flags of its header
/// @param name in lower case, without the last dot
/// @param type such as [#A]
/// @param raw the question as it came, which the answer repeats byte by byte
/// @param room bytes that the caller takes by UDP
record DnsQuestion(int id, int flags, String name, int type, byte[] raw, int room) {
  static final int A = 1;
  static final int CNAME = 5;
  static final int SOA = 6;
  static final int AAAA = 28;
  static final int SRV = 33;
  static final int ANY = 255;
  private static final int OPT = 41;
  private static final int HEADER = 12;
  private static final int PLAIN_ROOM = 512;
  private static final int MOST_ROOM = 4096;

  /// Empty for what is no such query: malformed, an answer, of another class or kind.
  static Optional<DnsQuestion> parse(byte[] query) {
    if (query.length < HEADER + 5) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(query);
    int id = in.getShort() & 0xffff;
    int flags = in.getShort() & 0xffff;
    int questions = in.getShort();
    int answers = in.getShort();
    int authorities = in.getShort();
    int additional = in.getShort();
    boolean plain = (flags & 0xf800) == 0 && questions == 1 && answers == 0 && authorities == 0;
    if (!plain) {
      return Optional.empty();
    }
    StringBuilder name = new StringBuilder();
    while (true) {
      int length = in.hasRemaining() ? in.get() & 0xff : 255;
      if (length == 0) {
        break;
      }
      // Names in questions have nothing before them to point to.
      if (length > 63 || in.remaining() < length) {
        return Optional.empty();
      }
      byte[] label = new byte[length];
      in.get(label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.ISO_8859_1));
    }
    if (in.remaining() < 4) {
      return Optional.empty();
    }
    int type = in.getShort() & 0xffff;
    int kind = in.getShort() & 0xffff;
    byte[] raw = java.util.Arrays.copyOfRange(query, HEADER, in.position());
    return kind != 1
        ? Optional.empty()
        : Optional.of(
            new DnsQuestion(
                id,
                flags,
                name.toString().toLowerCase(Locale.ROOT),
                type,
                raw,
                room(in, additional)));
  }

  /// The pseudo-record of EDNS (RFC 6891) says how much the caller takes.
  private static int room(ByteBuffer in, int additional) {
    if (additional != 1 || in.remaining() < 5 || in.get() != 0) {
      return PLAIN_ROOM;
    }
    int type = in.getShort() & 0xffff;
    int size = in.getShort() & 0xffff;
    return type == OPT ? Math.clamp(size, PLAIN_ROOM, MOST_ROOM) : PLAIN_ROOM;
  }

  boolean asks(int recordType) {
    return type == recordType || type == ANY;
  }
}
