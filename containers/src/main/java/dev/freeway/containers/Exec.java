package dev.freeway.containers;

import java.io.InputStream;
import java.io.OutputStream;

/// A command running beside a container's main one. Read both outputs, or it blocks when the pipes
/// are full. Closing kills.
public interface Exec extends AutoCloseable {
  OutputStream stdin();

  InputStream stdout();

  InputStream stderr();

  /// The exit code; 126 or 127 when the command could not be run.
  int waitFor() throws InterruptedException;

  @Override
  void close();
}
