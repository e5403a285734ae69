package dev.freeway.wire;

import java.io.IOException;

/// An output whose events are sent one by one while the response is open: the member of a response
/// that the model marks as an event stream.
///
/// @param <E> the union of its events; each event has one member set
@FunctionalInterface
public interface EventStream<E extends Structure> {
  /// Sends events until there are no more. Runs on the response's thread once the answer's head is
  /// out, and may block.
  ///
  /// @throws AwsException one of the stream's modelled exceptions: sent as its last message
  /// @throws IOException the client has gone
  void run(Events<E> to) throws IOException;

  /// Where the events go.
  @FunctionalInterface
  interface Events<E> {
    /// Sends an event; it has left when this returns.
    void send(E event) throws IOException;
  }
}
