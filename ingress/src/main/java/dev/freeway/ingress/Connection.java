package dev.freeway.ingress;

/// A client's connection on a thread of its own.
interface Connection extends Runnable {

  /// The listener stops: a connection between two requests ends now, any other after its request.
  void closeWhenIdle();

  /// Breaks off what is under way.
  void closeNow();
}
