package dev.freeway.containers.build;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One instruction of a Dockerfile.
///
/// @param line where it begins
/// @param keyword in capitals
/// @param flags `--name=value` before the arguments
/// @param text arguments as written, continuations joined
/// @param mounts values of `--mount`, which may come several times
/// @param documents here-documents of RUN, COPY and ADD
/// @param words the JSON form's words, or null in the shell form
record Instruction(
    String file,
    int line,
    String keyword,
    Map<String, String> flags,
    List<String> mounts,
    String text,
    List<HereDocument> documents,
    @Nullable List<String> words) {
  /// As shown in build output.
  @Override
  public String toString() {
    var shown = new StringBuilder(keyword);
    flags.forEach((name, value) -> shown.append(" --").append(name).append('=').append(value));
    mounts.forEach(mount -> shown.append(" --mount=").append(mount));
    shown.append(' ').append(text);
    documents.forEach(d -> shown.append('\n').append(d.content()).append(d.name()));
    return shown.toString();
  }

  Instruction with(List<HereDocument> all) {
    return new Instruction(file, line, keyword, flags, mounts, text, all, words);
  }

  BuildFailure failure(String why) {
    return new BuildFailure(file + ":" + line + ": " + why);
  }

  /// Refuses flags other than these.
  void allow(String... names) throws BuildFailure {
    for (var flag : flags.keySet()) {
      if (!List.of(names).contains(flag)) {
        throw failure(
            keyword
                + " --"
                + flag
                + " is not supported"
                + (names.length == 0 ? "" : "; known are --" + String.join(", --", names)));
      }
    }
  }
}
