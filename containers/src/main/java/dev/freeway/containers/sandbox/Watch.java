package dev.freeway.containers.sandbox;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// Tells when files in the log and exit directories change, through the kernel's notifications: a
/// waiting runtime costs nothing. When notifications were lost, or once a second, `check` is called
/// to look at everything.
final class Watch implements AutoCloseable {
  private final WatchService service;
  private final Thread thread;
  private final AtomicReference<Object> tick = new AtomicReference<>(new Object());

  Watch(Path logs, Path exits, Consumer<String> onExit, Runnable check) throws IOException {
    service = logs.getFileSystem().newWatchService();
    var ofLogs =
        logs.register(
            service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
    exits.register(service, StandardWatchEventKinds.ENTRY_CREATE);
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("containers-watch")
            .start(
                () -> {
                  try {
                    for (; ; ) {
                      var key = service.poll(1, TimeUnit.SECONDS);
                      if (key == null) {
                        check.run();
                        wake();
                        continue;
                      }
                      for (var event : key.pollEvents()) {
                        if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
                          check.run();
                        } else if (key != ofLogs) {
                          onExit.accept(String.valueOf(event.context()));
                        }
                      }
                      key.reset();
                      wake();
                    }
                  } catch (ClosedWatchServiceException | InterruptedException closed) {
                    wake();
                  }
                });
  }

  /// Something to pass to [#await]: take it before looking at the files.
  Object now() {
    return Objects.requireNonNull(tick.get());
  }

  /// Blocks until something has changed since `seen` was taken.
  void await(Object seen) throws InterruptedException {
    synchronized (tick) {
      while (tick.get() == seen && thread.isAlive()) {
        tick.wait(2000);
      }
    }
  }

  private void wake() {
    synchronized (tick) {
      tick.set(new Object());
      tick.notifyAll();
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
