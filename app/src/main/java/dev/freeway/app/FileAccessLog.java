package dev.freeway.app;

import dev.freeway.platform.http.AccessLog;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// One line a request, written behind the requests' backs. When the disk cannot keep up lines are
/// dropped and counted, never requests held up.
final class FileAccessLog implements AccessLog, AutoCloseable {
  private static final int WAITING = 8192;

  private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(WAITING);
  private final Thread writer;
  private volatile boolean closed;
  private volatile long dropped;

  FileAccessLog(Path file) throws IOException {
    BufferedWriter out =
        Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    writer = Thread.ofPlatform().name("access-log").daemon().start(() -> run(out));
  }

  @Override
  public void note(Entry e) {
    String line =
        Instant.now()
            + " "
            + e.method()
            + " "
            + e.path()
            + " "
            + e.operation()
            + " "
            + e.account()
            + " "
            + e.status()
            + " "
            + e.nanos() / 1000
            + "us "
            + e.requestId()
            + "\n";
    if (!lines.offer(line)) {
      dropped++;
    }
  }

  private void run(BufferedWriter out) {
    try (out) {
      while (!closed || !lines.isEmpty()) {
        String line = lines.poll();
        if (line == null) {
          out.flush();
          line = lines.take();
        }
        out.write(line);
        if (dropped > 0) {
          out.write("dropped " + dropped + " lines\n");
          dropped = 0;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    lines.offer("");
    try {
      writer.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
