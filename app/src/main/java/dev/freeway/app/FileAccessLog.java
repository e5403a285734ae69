package dev.freeway.app;

import dev.freeway.platform.http.AccessLog;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// One line a request, written behind the requests' backs. When the disk cannot keep up lines are
/// dropped and counted, never requests held up.
final class FileAccessLog implements AccessLog, AutoCloseable {
  private static final int WAITING = 8192;
  private static final long PAUSE_MILLIS = 50;

  private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(WAITING);
  private final Thread writer;
  private final CountDownLatch closing = new CountDownLatch(1);
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
    List<String> batch = new ArrayList<>();
    try (out) {
      while (closing.getCount() > 0 || !lines.isEmpty()) {
        batch.add(lines.take());
        lines.drainTo(batch);
        for (String line : batch) {
          out.write(line);
        }
        batch.clear();
        if (dropped > 0) {
          out.write("dropped " + dropped + " lines\n");
          dropped = 0;
        }
        out.flush();
        // Woken by every line, this thread would cost each request as much as its parsing does.
        closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    lines.offer("");
    try {
      writer.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
