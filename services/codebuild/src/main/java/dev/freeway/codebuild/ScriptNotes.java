package dev.freeway.codebuild;

import dev.freeway.codebuild.Control.Note;
import dev.freeway.codebuild.api.Build;
import dev.freeway.containers.ExitStatus;
import java.io.IOException;

/// Turns the script's notes into phases. Applying the same notes again changes nothing.
final class ScriptNotes {
  private ScriptNotes() {}

  static Build apply(Build build, Control control) throws IOException {
    Build b = build;
    Note.Failed failed = null;
    for (Note note : control.notes()) {
      switch (note) {
        case Note.Start s -> {
          failed = null;
          if (!Phases.has(b, s.phase())) {
            b = Phases.begin(b, s.phase(), s.at());
          }
        }
        case Note.Failed f -> failed = failed == null ? f : failed;
        case Note.End e -> {
          if (b.currentPhase().equals(e.phase())) {
            b = ended(b, e, failed, control);
          }
        }
        case Note.Over _ -> {}
      }
    }
    return b;
  }

  private static Build ended(
      Build b, Note.End e, Note.@org.jspecify.annotations.Nullable Failed failed, Control control)
      throws IOException {
    if (e.code() == 0) {
      return Phases.end(b, "SUCCEEDED", e.at(), null, null);
    }
    String command = failed == null ? "" : control.command(failed.file());
    int code = failed == null ? e.code() : failed.code();
    String message = "Error while executing command: " + command + ". Reason: exit status " + code;
    return Phases.end(b, "FAILED", e.at(), "COMMAND_EXECUTION_ERROR", message);
  }

  /// The build once its container has exited; a script that did not come to its end has failed.
  static Build over(Build build, Control control, ExitStatus exit) throws IOException {
    boolean over = control.notes().stream().anyMatch(n -> n instanceof Note.Over);
    if (over) {
      return build;
    }
    String why =
        exit.outOfMemory()
            ? "the build ran out of memory"
            : "the build container ended with exit status " + exit.code() + " " + exit.reason();
    return Phases.end(
        build,
        "FAILED",
        exit.at(),
        "COMMAND_EXECUTION_ERROR",
        "Error while executing command. Reason: " + why);
  }
}
