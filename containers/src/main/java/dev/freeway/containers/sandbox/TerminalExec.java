package dev.freeway.containers.sandbox;

import dev.freeway.containers.Exec;
import dev.freeway.containers.TerminalSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/// A command on a terminal in a container. The shim holds the terminal; what goes to it is framed,
/// one byte for the kind and four for the length: `d` what is typed, `w` the size as two shorts.
/// When this end closes, by [#close] or with this process, the shim hangs up.
final class TerminalExec implements Exec {
  private static final int MOST = 32 * 1024;
  private static final long PATIENCE_SECONDS = 5;

  private final Process process;
  private final OutputStream frames;

  TerminalExec(Process process) {
    this.process = process;
    this.frames = process.getOutputStream();
  }

  private synchronized void frame(char kind, byte[] bytes, int offset, int length)
      throws IOException {
    frames.write(ByteBuffer.allocate(5).put((byte) kind).putInt(length).array());
    frames.write(bytes, offset, length);
    frames.flush();
  }

  @Override
  public OutputStream stdin() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; done += MOST) {
          frame('d', bytes, offset + done, Math.min(MOST, length - done));
        }
      }

      @Override
      public void close() throws IOException {
        frames.close();
      }
    };
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
    byte[] both =
        ByteBuffer.allocate(4)
            .putShort((short) size.columns())
            .putShort((short) size.rows())
            .array();
    try {
      frame('w', both, 0, both.length);
    } catch (IOException ended) {
      // Its terminal is gone.
    }
  }

  @Override
  public int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    try {
      frames.close();
    } catch (IOException ended) {
      // The shim went first.
    }
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      // It hangs up by itself.
      Thread.currentThread().interrupt();
    }
  }
}
