package dev.freeway.ecs;

/// A task cannot start; the message is its stopped reason, in AWS's words.
final class StartFailure extends Exception {
  private static final long serialVersionUID = 1L;

  StartFailure(String reason) {
    super(reason);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
