package dev.freeway.ingress;

import java.io.IOException;

/// Reading or writing that connection failed: it is of no more use.
final class WireFailure extends IOException {
  private static final long serialVersionUID = 1;

  final transient Wire wire;

  WireFailure(Wire wire, IOException cause) {
    super(cause);
    this.wire = wire;
  }

  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
