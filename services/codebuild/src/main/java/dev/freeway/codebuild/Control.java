package dev.freeway.codebuild;

import dev.freeway.codebuild.Buildspec.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The folder by which Freeway and the script in a build's container talk: commands in, notes out.
/// Being files, it survives either side.
record Control(Path directory) {
  private static final Pattern NOTE =
      Pattern.compile(
          "\\d{1,15} (start [A-Z_]+|end [A-Z_]+ \\d{1,3}|failed [A-Z_]+ \\d{1,3} \\S+|over)");

  private static final int MOST_BYTES = 16 << 20;

  /// A note of the script.
  sealed interface Note {
    Instant at();

    record Start(Instant at, String phase) implements Note {}

    record End(Instant at, String phase, int code) implements Note {}

    record Failed(Instant at, String phase, int code, String file) implements Note {}

    record Over(Instant at) implements Note {}
  }

  /// @param shell that runs the commands
  void write(Buildspec spec, String shell, Wanted wanted) throws IOException {
    try (InputStream in = Control.class.getResourceAsStream("build.sh")) {
      if (in == null) {
        throw new IllegalStateException("build.sh is not on the class path");
      }
      Files.write(directory.resolve("build.sh"), in.readAllBytes());
    }
    for (Map.Entry<String, Phase> e : spec.phases().entrySet()) {
      phase(e.getKey().toUpperCase(Locale.ROOT), e.getValue(), spec.runAs());
    }
    Files.writeString(directory.resolve("shell"), shell);
    Files.write(directory.resolve("exported.names"), spec.env().exported());
    numbered("expand", new ArrayList<>(wanted.texts()));
    numbered("carry", new ArrayList<>(wanted.places()));
    Files.deleteIfExists(directory.resolve("events"));
  }

  private void phase(String name, Phase phase, @Nullable String everyone) throws IOException {
    numbered(name, phase.commands());
    numbered(name + ".finally", phase.lastly());
    if (phase.onFailure() != null) {
      boolean on = phase.onFailure() instanceof OnFailure.Continue;
      Files.writeString(directory.resolve(name + ".on-failure"), on ? "CONTINUE" : "ABORT");
    }
    String user = phase.runAs() == null ? everyone : phase.runAs();
    if (user != null) {
      Files.writeString(directory.resolve(name + ".user"), user);
    }
  }

  private void numbered(String name, List<String> texts) throws IOException {
    Path folder = Files.createDirectories(directory.resolve(name));
    for (int i = 0; i < texts.size(); i++) {
      Files.writeString(folder.resolve("%04d".formatted(i)), texts.get(i));
    }
  }

  /// What the build's shell made of texts with variables; what it did not get to is not there.
  Map<String, String> expanded(Wanted wanted) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    int i = 0;
    for (String text : wanted.texts()) {
      Path file = directory.resolve("expanded").resolve("%04d".formatted(i++));
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        values.put(text, own(file));
      }
    }
    return values;
  }

  /// The text of a file of this folder; empty for one that is not there, or that is a link: the
  /// build must not show us a file of the machine.
  String own(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || !file.toRealPath().startsWith(directory.toRealPath())) {
      return "";
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    }
  }

  List<Note> notes() throws IOException {
    Path events = directory.resolve("events");
    List<Note> notes = new ArrayList<>();
    for (String line : own(events).lines().toList()) {
      if (!NOTE.matcher(line).matches()) {
        // A build that writes here itself does not stop us.
        continue;
      }
      String[] w = line.split(" ");
      Instant at = Instant.ofEpochMilli(Long.parseLong(w[0]));
      switch (w[1]) {
        case "start" -> notes.add(new Note.Start(at, w[2]));
        case "end" -> notes.add(new Note.End(at, w[2], Integer.parseInt(w[3])));
        case "failed" -> notes.add(new Note.Failed(at, w[2], Integer.parseInt(w[3]), w[4]));
        case "over" -> notes.add(new Note.Over(at));
        default -> throw new IOException("unknown note: " + line);
      }
    }
    return notes;
  }

  /// The text of a command that failed.
  String command(String file) throws IOException {
    return own(directory.resolve(file)).strip();
  }

  /// Values of the exported variables, once the script is over.
  Map<String, String> exported() throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    Path file = directory.resolve("exported");
    for (String pair : own(file).split("\0")) {
      int eq = pair.indexOf('=');
      if (eq > 0) {
        values.put(pair.substring(0, eq), pair.substring(eq + 1));
      }
    }
    return values;
  }
}
