package dev.freeway.containers.docker;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.LogLine;
import dev.freeway.containers.LogPosition;
import dev.freeway.containers.LogStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Lines of a container's log. A position is the time of the last line read, in nanoseconds, and
/// how many lines with that very time were read: the engine gives lines from a time on.
final class EngineLog implements LogStream {
  /// Opens the log from a time on (seconds, with fraction).
  interface Opener {
    UnixHttp.Answer open(String since) throws InterruptedException;
  }

  private final Opener opener;
  private final LogPosition from;
  private final Supplier<Boolean> removed;
  private volatile boolean closed;
  private volatile UnixHttp.@Nullable Answer answer;
  private @Nullable Frames frames;
  private long time;
  private long seen;
  private long skip;

  EngineLog(LogPosition from, Opener opener, Supplier<Boolean> removed) {
    this.from = from;
    this.opener = opener;
    this.removed = removed;
    this.time = from.segment();
    this.skip = from.offset();
  }

  @Override
  public @Nullable LogLine next() throws InterruptedException {
    try {
      if (frames == null) {
        open();
      }
      while (!closed && frames != null) {
        var frame = frames.next();
        if (frame == null) {
          return null;
        }
        var line = line(frame);
        if (line != null) {
          return line;
        }
      }
      return null;
    } catch (ClosedByInterruptException | Engine.Interrupted e) {
      Thread.interrupted();
      throw new InterruptedException("reading a log");
    } catch (IOException e) {
      if (closed || removed.get()) {
        return null;
      }
      throw new ContainerException.Failed("the log was cut off: " + e.getMessage(), e);
    }
  }

  private void open() throws InterruptedException {
    var since =
        from.equals(LogPosition.START)
            ? "0"
            : "%d.%09d".formatted(from.segment() / 1_000_000_000, from.segment() % 1_000_000_000);
    var opened = opener.open(since);
    answer = opened;
    frames = new Frames(opened.body());
    if (closed) {
      close();
    }
  }

  /// Null for a line that was read before.
  private @Nullable LogLine line(Frames.Frame frame) {
    var text = new String(frame.bytes(), StandardCharsets.UTF_8);
    int space = text.indexOf(' ');
    var at = Instant.parse(text.substring(0, space));
    long nanos = at.getEpochSecond() * 1_000_000_000 + at.getNano();
    if (nanos != time) {
      if (nanos < from.segment()) {
        return null;
      }
      time = nanos;
      seen = 0;
      skip = 0;
    }
    seen++;
    if (skip > 0) {
      skip--;
      return null;
    }
    boolean whole = text.endsWith("\n");
    return new LogLine(
        at,
        frame.error() ? LogLine.Stream.STDERR : LogLine.Stream.STDOUT,
        text.substring(space + 1, text.length() - (whole ? 1 : 0)),
        !whole,
        new LogPosition(time, seen));
  }

  @Override
  public void close() {
    closed = true;
    var open = answer;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new ContainerException.Failed("cannot close a log", e);
      }
    }
  }
}
