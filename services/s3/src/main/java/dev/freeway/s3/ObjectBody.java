package dev.freeway.s3;

import dev.freeway.store.Blobs;
import dev.freeway.wire.Body;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;

/// The bytes of an object, or a range of them, straight from disk. The files are opened when it is
/// made: an object that is replaced or deleted meanwhile is still read to its end.
final class ObjectBody implements Body {
  // More would need too many open files for one answer.
  private static final int OPENED_AHEAD = 100;
  private static final int BUFFER = 128 * 1024;

  private final Blobs blobs;
  private final List<Segment> segments;
  private final List<FileChannel> opened = new ArrayList<>();
  private final long length;

  private ObjectBody(Blobs blobs, List<Segment> segments) {
    this.blobs = blobs;
    this.segments = segments;
    this.length = segments.stream().mapToLong(Segment::length).sum();
  }

  /// @throws java.nio.file.NoSuchFileException the object was deleted meanwhile
  static ObjectBody open(Blobs blobs, List<Segment> segments) throws IOException {
    ObjectBody body = new ObjectBody(blobs, segments);
    for (Segment s : segments.subList(0, Math.min(OPENED_AHEAD, segments.size()))) {
      body.opened.add(blobs.channel(s.blob()));
    }
    return body;
  }

  /// The part of `segments` from `offset`, `length` bytes long.
  static List<Segment> slice(List<Segment> segments, long offset, long length) {
    List<Segment> out = new ArrayList<>();
    long skip = offset;
    long left = length;
    for (Segment s : segments) {
      if (left == 0) {
        break;
      }
      if (skip >= s.length()) {
        skip -= s.length();
        continue;
      }
      long n = Math.min(left, s.length() - skip);
      out.add(new Segment(s.blob(), s.offset() + skip, n));
      left -= n;
      skip = 0;
    }
    return out;
  }

  @Override
  public long length() {
    return length;
  }

  private FileChannel channel(int i) throws IOException {
    return i < opened.size() ? opened.get(i) : blobs.channel(segments.get(i).blob());
  }

  @Override
  public InputStream open() {
    return new SequenceInputStream(
        new Enumeration<InputStream>() {
          private int next;

          @Override
          public boolean hasMoreElements() {
            return next < segments.size();
          }

          @Override
          public InputStream nextElement() {
            return stream(next++);
          }
        });
  }

  private InputStream stream(int i) {
    Segment s = segments.get(i);
    try {
      FileChannel channel = channel(i);
      channel.position(s.offset());
      return new LimitedInput(Channels.newInputStream(channel), s.length());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER, length))];
    try {
      for (int i = 0; i < segments.size(); i++) {
        try (FileChannel channel = channel(i)) {
          write(channel, segments.get(i), buffer, out);
        }
      }
    } finally {
      for (FileChannel c : opened) {
        c.close();
      }
    }
  }

  private static void write(FileChannel channel, Segment s, byte[] buffer, OutputStream out)
      throws IOException {
    long at = s.offset();
    long end = s.offset() + s.length();
    while (at < end) {
      ByteBuffer into = ByteBuffer.wrap(buffer, 0, (int) Math.min(buffer.length, end - at));
      int n = channel.read(into, at);
      if (n < 0) {
        throw new IOException("blob " + s.blob() + " is shorter than its row says");
      }
      out.write(buffer, 0, n);
      at += n;
    }
  }
}
