package dev.freeway.containers;

import java.io.InputStream;
import java.io.OutputStream;

/// A command running beside a container's main one. Read both outputs, or it blocks when the pipes
/// are full. Closing kills; with a terminal also what the command started and left on it.
public interface Exec extends AutoCloseable {
  OutputStream stdin();

  InputStream stdout();

  InputStream stderr();

  /// Tells a command with a terminal that this has another size now. Does nothing to others, and
  /// when it has ended.
  void resize(TerminalSize size);

  /// The exit code; 126 or 127 when the command could not be run.
  int waitFor() throws InterruptedException;

  @Override
  void close();
}
