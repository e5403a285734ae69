package dev.freeway.ingress;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The header fields of HTTP/2 for heads and trailers of HTTP/1.1.
final class Http2Fields {
  private Http2Fields() {}

  static List<Field> ofRequest(Head head, String scheme) {
    List<Field> fields = new ArrayList<>(head.count + 5);
    fields.add(new Field(":method", head.method()));
    fields.add(new Field(":scheme", scheme));
    fields.add(new Field(":authority", head.hostIndex < 0 ? "" : head.value(head.hostIndex)));
    fields.add(new Field(":path", Octets.text(head.buf, head.targetStart, head.targetEnd)));
    for (int i = 0; i < head.count; i++) {
      if (head.known[i] != Known.HOST && !ofConnection(head.known[i])) {
        fields.add(new Field(name(head.buf, head.nameStart(i), head.nameEnd(i)), head.value(i)));
      }
    }
    // gRPC wants it, and trailers do pass.
    fields.add(new Field("te", "trailers"));
    return fields;
  }

  static List<Field> ofResponse(Head head) {
    List<Field> fields = new ArrayList<>(head.count + 1);
    fields.add(new Field(":status", String.valueOf(head.status)));
    for (int i = 0; i < head.count; i++) {
      if (!ofConnection(head.known[i])) {
        fields.add(new Field(name(head.buf, head.nameStart(i), head.nameEnd(i)), head.value(i)));
      }
    }
    return fields;
  }

  /// What has no meaning, and is forbidden, in HTTP/2.
  private static boolean ofConnection(Known known) {
    return switch (known) {
      case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TRANSFER_ENCODING, UPGRADE -> true;
      default -> false;
    };
  }

  /// Fields that only make sense in front of a body are left out.
  static List<Field> ofTrailers(byte[] lines) {
    List<Field> fields = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < lines.length; i++) {
      if (lines[i] == '\n') {
        String line = Octets.text(lines, from, i).strip();
        int colon = line.indexOf(':');
        Known known = Known.of(lines, from, from + Math.max(0, colon));
        boolean framing = known == Known.CONTENT_LENGTH || known == Known.HOST;
        if (colon > 0 && !framing && !ofConnection(known)) {
          String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
          fields.add(new Field(name, line.substring(colon + 1).strip()));
        }
        from = i + 1;
      }
    }
    return fields;
  }

  private static String name(byte[] b, int from, int to) {
    return Octets.text(b, from, to).toLowerCase(Locale.ROOT);
  }
}
