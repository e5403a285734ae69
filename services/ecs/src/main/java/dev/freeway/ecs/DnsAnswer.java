package dev.freeway.ecs;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The answer to a [DnsQuestion].
///
/// @param known false when there is no such name (NXDOMAIN)
/// @param records of the name itself
/// @param additional addresses of the hosts that records name
/// @param zone whose start of authority says for how long an absence holds; empty: says nothing
/// @param negativeTtl seconds
record DnsAnswer(
    boolean known, List<Entry> records, List<Entry> additional, String zone, long negativeTtl) {
  private static final int NXDOMAIN = 3;
  private static final int SERVFAIL = 2;

  /// @param owner full name
  /// @param data as it goes over the wire
  record Entry(String owner, int type, long ttl, byte[] data) {
    static Entry address(String owner, long ttl, byte[] address) {
      int type = address.length == 4 ? DnsQuestion.A : DnsQuestion.AAAA;
      return new Entry(owner, type, ttl, address);
    }

    static Entry alias(String owner, long ttl, String target) {
      return new Entry(owner, DnsQuestion.CNAME, ttl, name(target));
    }

    /// Priority and weight are 1, as Cloud Map makes them.
    static Entry service(String owner, long ttl, int port, String target) {
      byte[] name = name(target);
      ByteBuffer data = ByteBuffer.allocate(6 + name.length);
      data.putShort((short) 1).putShort((short) 1).putShort((short) port).put(name);
      return new Entry(owner, DnsQuestion.SRV, ttl, data.array());
    }
  }

  static DnsAnswer of(List<Entry> records) {
    return new DnsAnswer(true, records, List.of(), "", 0);
  }

  /// @param room most bytes to make; what does not fit is left out, and said to be
  byte[] encode(DnsQuestion q, int room) {
    byte[] whole = encode(q, records, additional, false);
    if (whole.length > room) {
      whole = encode(q, records, List.of(), false);
    }
    return whole.length > room ? encode(q, List.of(), List.of(), true) : whole;
  }

  private byte[] encode(DnsQuestion q, List<Entry> answers, List<Entry> more, boolean cut) {
    List<Entry> authority = new ArrayList<>();
    if (answers.isEmpty() && !cut && !zone.isEmpty()) {
      authority.add(new Entry(zone, DnsQuestion.SOA, negativeTtl, startOfAuthority()));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    // An answer, authoritative, recursion available; recursion desired as asked.
    int flags = 0x8480 | q.flags() & 0x0100 | (cut ? 0x0200 : 0) | (known ? 0 : NXDOMAIN);
    header(out, q, flags, answers.size(), authority.size(), more.size());
    for (List<Entry> section : List.of(answers, authority, more)) {
      for (Entry e : section) {
        // The question's name stands at byte 12.
        byte[] owner =
            e.owner().equalsIgnoreCase(q.name()) ? new byte[] {(byte) 0xc0, 12} : name(e.owner());
        out.writeBytes(owner);
        out.writeBytes(
            ByteBuffer.allocate(10)
                .putShort((short) e.type())
                .putShort((short) 1)
                .putInt((int) e.ttl())
                .putShort((short) e.data().length)
                .array());
        out.writeBytes(e.data());
      }
    }
    return out.toByteArray();
  }

  private static void header(
      ByteArrayOutputStream out, DnsQuestion q, int flags, int answers, int authority, int more) {
    out.writeBytes(
        ByteBuffer.allocate(12)
            .putShort((short) q.id())
            .putShort((short) flags)
            .putShort((short) 1)
            .putShort((short) answers)
            .putShort((short) authority)
            .putShort((short) more)
            .array());
    out.writeBytes(q.raw());
  }

  private byte[] startOfAuthority() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(name("ns." + zone));
    out.writeBytes(name("hostmaster." + zone));
    ByteBuffer numbers = ByteBuffer.allocate(20);
    numbers.putInt(1).putInt(7200).putInt(900).putInt(1209600).putInt((int) negativeTtl);
    out.writeBytes(numbers.array());
    return out.toByteArray();
  }

  /// Nobody could be asked.
  static byte[] failure(byte[] query) {
    byte[] answer = query.clone();
    answer[2] = (byte) (answer[2] | 0x80);
    answer[3] = (byte) (answer[3] & 0xf0 | 0x80 | SERVFAIL);
    return answer;
  }

  static byte[] name(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String label : text.split("\\.")) {
      byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
      out.write(Math.min(bytes.length, 63));
      out.write(bytes, 0, Math.min(bytes.length, 63));
    }
    out.write(0);
    return out.toByteArray();
  }
}
