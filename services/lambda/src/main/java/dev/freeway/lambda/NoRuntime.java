package dev.freeway.lambda;

/// Why a function cannot be started on this machine at all. Told to who invokes it, as an error of
/// the function.
final class NoRuntime extends Exception {
  private static final long serialVersionUID = 1L;

  NoRuntime(String why) {
    super(why, null, false, false);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
