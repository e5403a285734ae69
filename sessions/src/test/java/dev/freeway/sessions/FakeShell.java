package dev.freeway.sessions;

import dev.freeway.containers.Exec;
import dev.freeway.containers.TerminalSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/// A command whose inside is the test.
final class FakeShell implements Exec {
  private final PipedOutputStream inside = new PipedOutputStream();
  private final PipedInputStream shown;
  private final PipedInputStream keys = new PipedInputStream();
  private final PipedOutputStream typing;
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  volatile TerminalSize size;

  FakeShell(TerminalSize size) throws IOException {
    this.size = size;
    shown = new PipedInputStream(inside, 1 << 20);
    typing = new PipedOutputStream(keys);
  }

  void shows(String text) throws IOException {
    inside.write(text.getBytes(StandardCharsets.UTF_8));
    inside.flush();
  }

  String typed(int bytes) throws IOException {
    return new String(keys.readNBytes(bytes), StandardCharsets.UTF_8);
  }

  void exits(int code) throws IOException {
    exit.complete(code);
    inside.close();
  }

  boolean over() {
    return exit.isDone();
  }

  @Override
  public OutputStream stdin() {
    return typing;
  }

  @Override
  public InputStream stdout() {
    return shown;
  }

  @Override
  public InputStream stderr() {
    return InputStream.nullInputStream();
  }

  @Override
  public void resize(TerminalSize to) {
    size = to;
  }

  @Override
  public int waitFor() throws InterruptedException {
    try {
      return exit.get();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    try {
      exits(137);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
