package dev.freeway.containers.fake;

/// What a fake container does; runs on a thread of its own, which is interrupted when the container
/// is killed.
@FunctionalInterface
public interface Program {
  /// Returns the exit code.
  int run(FakeProcess process) throws InterruptedException;

  /// Writes the lines and ends.
  static Program prints(int exitCode, String... lines) {
    return process -> {
      for (var line : lines) {
        process.out(line);
      }
      return exitCode;
    };
  }

  /// Runs until it gets a signal, and ends with 128 + 15 as a program without a handler does.
  static Program untilStopped() {
    return process -> {
      process.awaitSignal();
      return 143;
    };
  }

  /// Runs on, whatever signal comes.
  static Program stubborn() {
    return process -> {
      for (; ; ) {
        process.awaitSignal();
      }
    };
  }
}
