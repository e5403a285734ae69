package dev.freeway.containers.build;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Reads a Dockerfile into instructions: comments, continuation lines, the `escape` directive,
/// flags, the JSON form, here-documents.
final class Dockerfile {
  private static final Set<String> KNOWN =
      Set.of(
          "FROM",
          "RUN",
          "CMD",
          "LABEL",
          "EXPOSE",
          "ENV",
          "ADD",
          "COPY",
          "ENTRYPOINT",
          "VOLUME",
          "USER",
          "WORKDIR",
          "ARG",
          "STOPSIGNAL",
          "HEALTHCHECK",
          "SHELL",
          "MAINTAINER");
  private static final Pattern FLAG = Pattern.compile("^--([a-z-]+)(?:=(\\S*))?\\s+");
  private static final Pattern DIRECTIVE = Pattern.compile("^#\\s*(\\w+)\\s*=\\s*(.+?)\\s*$");

  private final String name;
  private final List<Instruction> instructions = new ArrayList<>();

  private Dockerfile(String name) {
    this.name = name;
  }

  /// @param name for messages
  static List<Instruction> parse(String name, String content) throws BuildFailure {
    var file = new Dockerfile(name);
    file.read(content.lines().toList());
    if (file.instructions.isEmpty()) {
      throw new BuildFailure(name + " is empty: it must begin with FROM");
    }
    return List.copyOf(file.instructions);
  }

  private void read(List<String> lines) throws BuildFailure {
    char escape = '\\';
    boolean directives = true;
    for (int i = 0; i < lines.size(); i++) {
      var line = i == 0 ? lines.get(i).replace("\uFEFF", "") : lines.get(i);
      var directive = DIRECTIVE.matcher(line);
      if (directives && directive.matches()) {
        if (directive.group(1).equalsIgnoreCase("escape")) {
          escape = directive.group(2).charAt(0);
        }
        continue;
      }
      directives = false;
      if (line.isBlank() || line.strip().startsWith("#")) {
        continue;
      }
      int first = i + 1;
      var whole = new StringBuilder();
      for (; ; ) {
        var text = line.stripTrailing();
        boolean goesOn = !text.isEmpty() && text.charAt(text.length() - 1) == escape;
        whole.append(goesOn ? text.substring(0, text.length() - 1) : line);
        if (!goesOn) {
          break;
        }
        do {
          i++;
        } while (i < lines.size()
            && (lines.get(i).isBlank() || lines.get(i).strip().startsWith("#")));
        if (i >= lines.size()) {
          break;
        }
        line = lines.get(i);
      }
      var read = instruction(first, whole.toString().strip());
      if (Set.of("RUN", "COPY", "ADD").contains(read.keyword()) && read.words() == null) {
        var documents =
            HereDocument.read(read, lines.subList(Math.min(i + 1, lines.size()), lines.size()));
        i += HereDocument.lines(documents);
        read = read.with(documents);
      }
      instructions.add(read);
    }
  }

  private Instruction instruction(int line, String text) throws BuildFailure {
    int end = 0;
    while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    var keyword = text.substring(0, end).toUpperCase(Locale.ROOT);
    var rest = text.substring(end).strip();
    var bare = new Instruction(name, line, keyword, Map.of(), List.of(), rest, List.of(), null);
    if (!KNOWN.contains(keyword)) {
      throw bare.failure(
          keyword.equals("ONBUILD")
              ? "ONBUILD is not supported: write the instruction into the images that need it"
              : "unknown instruction " + keyword);
    }
    Map<String, String> flags = new LinkedHashMap<>();
    List<String> mounts = new ArrayList<>();
    if (!keyword.equals("HEALTHCHECK")) {
      for (var flag = FLAG.matcher(rest); flag.find(); flag = FLAG.matcher(rest)) {
        var value = flag.group(2) == null ? "true" : flag.group(2);
        if (keyword.equals("RUN") && flag.group(1).equals("mount")) {
          mounts.add(value);
        } else {
          flags.put(flag.group(1), value);
        }
        rest = rest.substring(flag.end());
      }
    }
    if (rest.isEmpty()) {
      throw bare.failure(keyword + " needs an argument");
    }
    return new Instruction(name, line, keyword, flags, mounts, rest, List.of(), words(rest));
  }

  /// The words of a JSON array; null when the text is no such array, which then is the shell form.
  static @Nullable List<String> words(String text) {
    if (!text.startsWith("[")) {
      return null;
    }
    try {
      var words = new ArrayList<String>();
      for (var node : JsonMapper.shared().readTree(text)) {
        if (!node.isString()) {
          return null;
        }
        words.add(node.asString());
      }
      return words;
    } catch (JacksonException e) {
      return null;
    }
  }
}
