package dev.freeway.containers.sandbox;

import dev.freeway.containers.Exec;
import dev.freeway.containers.TerminalSize;
import java.io.InputStream;
import java.io.OutputStream;

/// A command in a container, as the shim process that waits for it.
record RunningExec(Process process) implements Exec {
  @Override
  public OutputStream stdin() {
    return process.getOutputStream();
  }

  @Override
  public InputStream stdout() {
    return process.getInputStream();
  }

  @Override
  public InputStream stderr() {
    return process.getErrorStream();
  }

  @Override
  public void resize(TerminalSize size) {
    // It has none.
  }

  @Override
  public int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    // The command itself dies with the shim: it asked the kernel to be killed then.
    process.destroyForcibly();
  }
}
