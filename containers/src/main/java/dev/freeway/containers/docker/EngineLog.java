package dev.freeway.containers.docker;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.LogLine;
import dev.freeway.containers.LogPosition;
import dev.freeway.containers.LogStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Lines of a container's log. A position is a second S and a count: that many of the lines from S
/// on, in the log's order, were read. The engine gives lines from a time on, and notes lines of
/// both outputs slightly out of order, so S stays behind the latest line.
final class EngineLog implements LogStream {
  /// By how much lines may be out of order.
  private static final long LAG_SECONDS = 2;

  /// Opens the log from a second on.
  interface Opener {
    UnixHttp.Answer open(long since) throws InterruptedException;
  }

  private final Opener opener;
  private final LogPosition from;
  private final Supplier<Boolean> removed;
  private volatile boolean closed;
  private volatile UnixHttp.@Nullable Answer answer;
  private @Nullable Frames frames;
  private final TreeMap<Long, Long> perSecond = new TreeMap<>();
  private long latest;
  private long skip;

  EngineLog(LogPosition from, Opener opener, Supplier<Boolean> removed) {
    this.from = from;
    this.opener = opener;
    this.removed = removed;
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
    var opened = opener.open(from.segment());
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
    long second = at.getEpochSecond();
    perSecond.merge(second, 1L, Long::sum);
    latest = Math.max(latest, second);
    if (skip > 0) {
      skip--;
      return null;
    }
    long since = Math.max(from.segment(), latest - LAG_SECONDS);
    perSecond.headMap(since).clear();
    long read = perSecond.values().stream().mapToLong(n -> n).sum();
    boolean whole = text.endsWith("\n");
    return new LogLine(
        at,
        frame.error() ? LogLine.Stream.STDERR : LogLine.Stream.STDOUT,
        text.substring(space + 1, text.length() - (whole ? 1 : 0)),
        !whole,
        new LogPosition(since, read));
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
