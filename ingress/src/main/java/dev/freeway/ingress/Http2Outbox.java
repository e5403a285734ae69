package dev.freeway.ingress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns a message of HTTP/1.1, as it is written, into the frames of a stream. One thread writes.
final class Http2Outbox {
  private final Http2Stream stream;
  private final Http2Writer out;
  private final Head head = new Head();
  private byte[] partial = {};
  private byte[] scratch = {};

  /// Null until the head of the message is through.
  private @Nullable BodyFraming framing;

  private volatile boolean done;

  Http2Outbox(Http2Stream stream, Http2Writer out) {
    this.stream = stream;
    this.out = out;
  }

  boolean done() {
    return done;
  }

  void write(ByteBuffer... from) throws IOException {
    try {
      for (ByteBuffer bytes : from) {
        while (bytes.hasRemaining() && !done) {
          if (framing == null) {
            takeHead(bytes);
          } else {
            takeBody(bytes, framing);
          }
        }
        bytes.position(bytes.limit());
      }
      out.flush();
    } catch (BadMessage bad) {
      throw new IOException("not a message of HTTP/1.1", bad);
    }
  }

  private void takeHead(ByteBuffer bytes) throws IOException, BadMessage {
    byte[] b = bytes.array();
    int from = bytes.arrayOffset() + bytes.position();
    int to = bytes.arrayOffset() + bytes.limit();
    int before = partial.length;
    if (before > 0) {
      partial = Arrays.copyOf(partial, before + to - from);
      System.arraycopy(b, from, partial, before, to - from);
      b = partial;
      from = 0;
      to = partial.length;
    }
    int end = endOfHead(b, from, to);
    if (end < 0) {
      partial = Arrays.copyOfRange(b, from, to);
      bytes.position(bytes.limit());
      return;
    }
    bytes.position(bytes.position() + end - from - before);
    partial = new byte[0];
    started(b, from, end);
  }

  private static int endOfHead(byte[] b, int from, int to) {
    for (int i = from + 3; i < to; i++) {
      if (b[i] == '\n' && b[i - 1] == '\r' && b[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private void started(byte[] b, int from, int end) throws IOException, BadMessage {
    BodyFraming body;
    List<Field> fields;
    if (stream.ours()) {
      HeadParser.request(head, b, from, end);
      body = BodyFraming.ofRequest(head, true);
      fields = Http2Fields.ofRequest(head, stream.scheme());
      stream.toHead(head.methodIs("HEAD"));
    } else {
      HeadParser.response(head, b, from, end);
      body = BodyFraming.ofResponse(head, stream.toHead(), true);
      fields = Http2Fields.ofResponse(head);
      if (head.status < 200) {
        stream.headers(fields, false);
        return;
      }
    }
    framing = body;
    stream.headers(fields, body.done());
    done = body.done();
  }

  private void takeBody(ByteBuffer bytes, BodyFraming body) throws IOException, BadMessage {
    byte[] b = bytes.array();
    int from = bytes.arrayOffset() + bytes.position();
    int length = bytes.remaining();
    if (body.isChunked()) {
      // Chunk coding is taken out in place, and these bytes are somebody else's.
      scratch = scratch.length < length ? new byte[length] : scratch;
      System.arraycopy(b, from, scratch, 0, length);
      b = scratch;
      from = 0;
    }
    int n = body.take(b, from, from + length);
    bytes.position(bytes.position() + n);
    byte[] trailers = body.done() ? body.trailers() : new byte[0];
    stream.data(b, from, body.payload, body.done() && trailers.length == 0);
    if (trailers.length > 0) {
      stream.headers(Http2Fields.ofTrailers(trailers), true);
    }
    done = body.done();
  }

  /// The message was written; a body whose end nobody foretold ends here. False when it lacks
  /// something.
  boolean finish() throws IOException {
    if (!done && framing != null && framing.untilClose()) {
      done = true;
      stream.data(scratch, 0, 0, true);
      out.flush();
    }
    return done;
  }
}
