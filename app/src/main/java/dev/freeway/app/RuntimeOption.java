package dev.freeway.app;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What containers run on, on every command that may start a server.
final class RuntimeOption {
  /// The choices.
  enum Kind {
    SANDBOX,
    DOCKER;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String word) {
      for (Kind kind : values()) {
        if (kind.word().equals(word)) {
          return kind;
        }
      }
      throw new IllegalArgumentException(
          "there is no container runtime '" + word + "': choose sandbox or docker");
    }
  }

  @Option(
      names = "--runtime",
      paramLabel = "sandbox|docker",
      description =
          "what tasks and builds run on: Freeway's own sandboxes or the Docker Engine of this machine"
              + " (default: $FREEWAY_RUNTIME, else what this data folder used last, else sandbox)")
  @Nullable String word;

  /// What the user chose; empty when it is left to the data folder. Throws
  /// `IllegalArgumentException`, naming the choices, for another word.
  Optional<Kind> chosen() {
    String given = word != null ? word : System.getenv("FREEWAY_RUNTIME");
    return given == null || given.isEmpty() ? Optional.empty() : Optional.of(Kind.of(given));
  }
}
