package dev.freeway.wire.protocol;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import dev.freeway.wire.EventStream;
import dev.freeway.wire.Structure;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.StructureShape;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;

/// The body of a response with an event stream, in the `application/vnd.amazon.eventstream`
/// framing: total length, length of the headers, a CRC-32 of these two, headers, payload, a CRC-32
/// of all. Numbers are big-endian; payloads are JSON.
record EventFrames(StructureShape output, Structure value, Member member) implements Body {
  static final String CONTENT_TYPE = "application/vnd.amazon.eventstream";
  private static final int AROUND = 16;
  private static final int TEXT = 7;

  @Override
  public InputStream open() {
    throw new IllegalStateException("an event stream is made while it is sent");
  }

  @Override
  public long length() {
    return -1;
  }

  @Override
  @SuppressWarnings("unchecked") // The generated record's component has this type.
  public void writeTo(OutputStream out) throws IOException {
    StructureShape events = (StructureShape) member.shape();
    // In protocols without a place for the other members they come first, as an event.
    send(out, headers("event", "initial-response"), JsonOut.write(output, value));
    try {
      Objects.requireNonNull((EventStream<Structure>) value.member(member.index()))
          .run(event -> event(out, events, event));
    } catch (AwsException e) {
      send(
          out,
          headers("exception", e.code()),
          JsonOut.error(e.code(), "message", e.message(), e.fields()));
    }
  }

  private static void event(OutputStream out, StructureShape events, Structure event)
      throws IOException {
    for (Member m : events.members()) {
      Object content = event.member(m.index());
      if (content != null) {
        send(out, headers("event", m.wireName()), JsonOut.write(m.shape(), content));
        return;
      }
    }
    throw new IllegalArgumentException("an event of " + events.name() + " with no member set");
  }

  private static Map<String, String> headers(String type, String name) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(":message-type", type);
    headers.put(":" + type + "-type", name);
    headers.put(":content-type", "application/json");
    return headers;
  }

  private static void send(OutputStream out, Map<String, String> headers, byte[] payload)
      throws IOException {
    out.write(frame(headers, payload));
    out.flush();
  }

  private static byte[] frame(Map<String, String> headers, byte[] payload) throws IOException {
    byte[] head = encoded(headers);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(AROUND + head.length + payload.length);
    out.writeInt(head.length);
    out.writeInt(checksum(bytes));
    out.write(head);
    out.write(payload);
    out.writeInt(checksum(bytes));
    return bytes.toByteArray();
  }

  private static byte[] encoded(Map<String, String> headers) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (Map.Entry<String, String> header : headers.entrySet()) {
      byte[] name = header.getKey().getBytes(StandardCharsets.UTF_8);
      byte[] text = header.getValue().getBytes(StandardCharsets.UTF_8);
      out.writeByte(name.length);
      out.write(name);
      out.writeByte(TEXT);
      out.writeShort(text.length);
      out.write(text);
    }
    return bytes.toByteArray();
  }

  private static int checksum(ByteArrayOutputStream bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes.toByteArray());
    return (int) crc.getValue();
  }
}
