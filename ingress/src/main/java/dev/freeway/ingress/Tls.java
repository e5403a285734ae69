package dev.freeway.ingress;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/// TLS over a blocking channel. After the handshake one thread may read while another one writes.
final class Tls implements Transport {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketTransport socket;
  final SSLEngine engine;

  /// What came over the net and was not opened yet; and what was opened and not taken yet.
  private ByteBuffer sealed;

  private ByteBuffer opened;
  private ByteBuffer sending;
  private final ReentrantLock writing = new ReentrantLock();
  private boolean established;

  Tls(SocketTransport socket, SSLEngine engine) {
    this.socket = socket;
    this.engine = engine;
    this.sealed = ByteBuffer.allocate(engine.getSession().getPacketBufferSize()).flip();
    this.opened = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
    this.sending = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
  }

  void handshake() throws IOException {
    engine.beginHandshake();
    try {
      agree();
    } catch (SSLException refused) {
      alert();
      throw refused;
    }
  }

  private void agree() throws IOException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_WRAP -> {
          SSLEngineResult result = wrap(new ByteBuffer[] {NOTHING});
          if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new SSLException("closed in the handshake");
          }
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (!unwrap()) {
            throw new EOFException("closed in the handshake");
          }
        }
        case NEED_TASK -> runTasks();
        case FINISHED, NOT_HANDSHAKING -> {
          established = true;
          return;
        }
      }
    }
  }

  /// Tells the other side why; it may be gone.
  private void alert() {
    // The engine may first say once more what it thinks is wrong.
    for (int tries = 0; tries < 3 && !engine.isOutboundDone(); tries++) {
      try {
        wrap(new ByteBuffer[] {NOTHING});
      } catch (IOException again) {
        System.getLogger(Tls.class.getName()).log(System.Logger.Level.DEBUG, "alert", again);
      }
    }
  }

  private void runTasks() {
    for (Runnable task; (task = engine.getDelegatedTask()) != null; ) {
      task.run();
    }
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    while (!opened.hasRemaining()) {
      if (!unwrap()) {
        return -1;
      }
      afterHandshake();
    }
    int n = Math.min(opened.remaining(), to.remaining());
    to.put(to.position(), opened, opened.position(), n).position(to.position() + n);
    opened.position(opened.position() + n);
    return n;
  }

  @Override
  public boolean stale() throws IOException {
    return opened.hasRemaining() || socket.stale();
  }

  @Override
  public void shutdownInput() throws IOException {
    socket.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /// TLS 1.3 may want an answer to a change of keys; another handshake is not had.
  private void afterHandshake() throws IOException {
    HandshakeStatus status = engine.getHandshakeStatus();
    if (status == HandshakeStatus.NOT_HANDSHAKING || status == HandshakeStatus.FINISHED) {
      return;
    }
    if (!engine.getSession().getProtocol().equals("TLSv1.3")) {
      throw new SSLException("renegotiation");
    }
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> runTasks();
        case NEED_WRAP -> wrap(new ByteBuffer[] {NOTHING});
        default -> {
          return;
        }
      }
    }
  }

  /// Opens one record, waiting for it if need be. False at the end of the stream.
  private boolean unwrap() throws IOException {
    while (true) {
      opened.clear();
      SSLEngineResult result = engine.unwrap(sealed, opened);
      opened.flip();
      switch (result.getStatus()) {
        case OK -> {
          return true;
        }
        case CLOSED -> {
          return false;
        }
        case BUFFER_OVERFLOW ->
            opened = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
        case BUFFER_UNDERFLOW -> {
          if (!receive()) {
            return false;
          }
        }
      }
    }
  }

  private boolean receive() throws IOException {
    int size = engine.getSession().getPacketBufferSize();
    if (sealed.capacity() < size) {
      sealed = ByteBuffer.allocate(size).put(sealed);
    } else {
      sealed.compact();
    }
    int n = socket.read(sealed);
    sealed.flip();
    return n >= 0;
  }

  @Override
  public void write(ByteBuffer... from) throws IOException {
    ByteBuffer last = from[from.length - 1];
    do {
      if (wrap(from).getStatus() == SSLEngineResult.Status.CLOSED) {
        throw new SSLException("closed");
      }
    } while (last.hasRemaining());
  }

  private SSLEngineResult wrap(ByteBuffer[] from) throws IOException {
    writing.lock();
    try {
      while (true) {
        sending.clear();
        SSLEngineResult result = engine.wrap(from, sending);
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
          sending = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
          continue;
        }
        sending.flip();
        if (sending.hasRemaining()) {
          socket.write(sending);
        }
        return result;
      }
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void end() throws IOException {
    if (!established || !socket.channel().isOpen()) {
      return;
    }
    engine.closeOutbound();
    while (!engine.isOutboundDone()) {
      SSLEngineResult result = wrap(new ByteBuffer[] {NOTHING});
      if (result.getStatus() == SSLEngineResult.Status.CLOSED || result.bytesProduced() == 0) {
        return;
      }
    }
  }
}
