package dev.freeway.containers.sandbox;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.LogLine;
import dev.freeway.containers.LogPosition;
import dev.freeway.containers.LogStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Reads the log segments that a supervisor writes; see `pump` in `shim.pl` for their form.
final class SegmentedLog implements LogStream {
  private final StateFiles files;
  private final String id;
  private final @Nullable Watch watch;
  private final BooleanSupplier exited;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile boolean closed;
  private @Nullable FileChannel channel;
  private long segment;

  /// Offset in the segment of `bytes[start]`.
  private long offset;

  private byte[] bytes = new byte[1 << 16];
  private int start;
  private int end;

  /// `watch` is given to follow, null to stop at what is there.
  SegmentedLog(
      StateFiles files,
      String id,
      LogPosition from,
      @Nullable Watch watch,
      BooleanSupplier exited) {
    this.files = files;
    this.id = id;
    this.watch = watch;
    this.exited = exited;
    this.segment = from.segment();
    this.offset = from.offset();
  }

  @Override
  public @Nullable LogLine next() throws InterruptedException {
    reading.lockInterruptibly();
    try {
      return read();
    } finally {
      reading.unlock();
      if (closed) {
        close();
      }
    }
  }

  private @Nullable LogLine read() throws InterruptedException {
    try {
      while (!closed) {
        var seen = watch == null ? null : watch.now();
        boolean over = watch == null || exited.getAsBoolean();
        var line = buffered();
        if (line != null || fill() && (line = buffered()) != null) {
          return line;
        }
        if (end > start && fill()) {
          continue;
        }
        if (advance()) {
          continue;
        }
        if (over) {
          return null;
        }
        if (watch != null && seen != null) {
          watch.await(seen);
        }
      }
      return null;
    } catch (IOException e) {
      throw new ContainerException.Failed("cannot read the log of " + id, e);
    }
  }

  private @Nullable LogLine buffered() {
    for (int i = start; i < end; i++) {
      if (bytes[i] == '\n') {
        var record = new String(bytes, start, i - start, StandardCharsets.UTF_8);
        offset += i + 1 - start;
        start = i + 1;
        return parse(record);
      }
    }
    return null;
  }

  private LogLine parse(String record) {
    int space = record.indexOf(' ');
    char letter = record.charAt(space + 1);
    return new LogLine(
        Instant.EPOCH.plus(Long.parseLong(record.substring(0, space)), ChronoUnit.MICROS),
        Character.toLowerCase(letter) == 'o' ? LogLine.Stream.STDOUT : LogLine.Stream.STDERR,
        record.substring(space + 3),
        Character.isUpperCase(letter),
        new LogPosition(segment, offset));
  }

  private boolean fill() throws IOException {
    if (channel == null) {
      try {
        channel = FileChannel.open(files.log(id, segment), StandardOpenOption.READ);
      } catch (NoSuchFileException e) {
        return false;
      }
    }
    if (start > 0) {
      System.arraycopy(bytes, start, bytes, 0, end - start);
      end -= start;
      start = 0;
    }
    if (end == bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    int read = channel.read(ByteBuffer.wrap(bytes, end, bytes.length - end), offset + end);
    end += Math.max(read, 0);
    return read > 0;
  }

  /// Goes to the next segment once there is one; the supervisor never writes to an older one again.
  private boolean advance() throws IOException {
    long wanted = segment;
    var later = files.segments(id).stream().filter(n -> n > wanted).findFirst();
    if (later.isEmpty() || Files.exists(files.log(id, segment)) && fill()) {
      return later.isPresent();
    }
    release();
    segment = later.get();
    offset = 0;
    start = 0;
    end = 0;
    return true;
  }

  private void release() {
    try {
      if (channel != null) {
        channel.close();
        channel = null;
      }
    } catch (IOException e) {
      throw new ContainerException.Failed("cannot close the log of " + id, e);
    }
  }

  @Override
  public void close() {
    closed = true;
    // A reader at work closes the file itself, when it comes back.
    if (reading.tryLock()) {
      try {
        release();
      } finally {
        reading.unlock();
      }
    }
  }
}
