package dev.freeway.containers.build;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Lines that follow an instruction: `<<EOF`, up to a line `EOF`.
///
/// @param name the word that ends it
/// @param content every line with its end
/// @param expands whether COPY and ADD put variables in: not where the word is quoted
record HereDocument(String name, String content, boolean expands) {
  private static final Pattern MARK =
      Pattern.compile("(?<![<\\w])<<(-?)([\"']?)([A-Za-z_][\\w.]*)\\2");

  /// A mark of the first line.
  private record Mark(String name, boolean expands, boolean strips) {}

  /// Those whose marks stand in a line, in their order, with the lines after it.
  ///
  /// @param after lines from the one after the instruction
  static List<HereDocument> read(Instruction instruction, List<String> after) throws BuildFailure {
    List<Mark> marks = new ArrayList<>();
    var found = MARK.matcher(instruction.text());
    while (found.find()) {
      boolean strips = !found.group(1).isEmpty();
      marks.add(new Mark(found.group(3), found.group(2).isEmpty(), strips));
    }
    List<HereDocument> all = new ArrayList<>();
    int at = 0;
    for (Mark mark : marks) {
      var content = new StringBuilder();
      for (; ; at++) {
        if (at >= after.size()) {
          throw instruction.failure("the here-document ends nowhere: no line " + mark.name());
        }
        var line = mark.strips() ? after.get(at).replaceFirst("^\t+", "") : after.get(at);
        if (line.equals(mark.name())) {
          at++;
          break;
        }
        content.append(line).append('\n');
      }
      all.add(new HereDocument(mark.name(), content.toString(), mark.expands()));
    }
    return all;
  }

  /// How many lines they take.
  static int lines(List<HereDocument> all) {
    return all.stream().mapToInt(d -> (int) d.content().lines().count() + 1).sum();
  }

  /// Whether a word of an instruction stands for a document.
  static boolean isMark(String word) {
    return MARK.matcher(word).matches();
  }

  /// Whether nothing but the mark was written: then the document is the script.
  static boolean isAll(String text) {
    return MARK.matcher(text.strip()).matches();
  }
}
