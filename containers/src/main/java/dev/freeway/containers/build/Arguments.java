package dev.freeway.containers.build;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Command-line arguments taken apart: options (`--name value`, `--name=value`, `-n value`) and the
/// rest.
record Arguments(Map<String, List<String>> options, List<String> rest) {
  /// @param valued options that take a value
  /// @param flags options that take none
  static Arguments parse(List<String> words, Set<String> valued, Set<String> flags)
      throws BuildFailure {
    return parse(words, valued, flags, false);
  }

  /// Options up to the first other word only: what follows is a command with options of its own.
  static Arguments leading(List<String> words, Set<String> valued, Set<String> flags)
      throws BuildFailure {
    return parse(words, valued, flags, true);
  }

  private static Arguments parse(
      List<String> words, Set<String> valued, Set<String> flags, boolean leading)
      throws BuildFailure {
    var options = new LinkedHashMap<String, List<String>>();
    var rest = new ArrayList<String>();
    var left = new ArrayDeque<>(words);
    while (!left.isEmpty()) {
      var word = left.poll();
      if (!word.startsWith("-") || word.equals("-")) {
        rest.add(word);
        if (leading) {
          rest.addAll(left);
          break;
        }
        continue;
      }
      int equals = word.indexOf('=');
      var name = equals < 0 ? word : word.substring(0, equals);
      String value;
      if (flags.contains(name)) {
        value = equals < 0 ? "true" : word.substring(equals + 1);
      } else if (valued.contains(name)) {
        if (equals < 0 && left.isEmpty()) {
          throw new BuildFailure(name + " needs a value");
        }
        value = equals < 0 ? left.poll() : word.substring(equals + 1);
      } else if (name.length() > 2
          && !name.startsWith("--")
          && flags.contains(name.substring(0, 2))) {
        // Several letters in one word, as in -it.
        left.push("-" + word.substring(2));
        name = word.substring(0, 2);
        value = "true";
      } else if (name.length() > 2
          && !name.startsWith("--")
          && valued.contains(name.substring(0, 2))) {
        name = word.substring(0, 2);
        value = word.substring(2);
      } else {
        throw new BuildFailure(
            "the option " + name + " is not supported by Freeway's docker command");
      }
      options.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }
    return new Arguments(options, List.copyOf(rest));
  }

  List<String> all(String... names) {
    var values = new ArrayList<String>();
    for (var name : names) {
      values.addAll(options.getOrDefault(name, List.of()));
    }
    return values;
  }

  /// The last value given under any of the names, else the default.
  String one(String otherwise, String... names) {
    var values = all(names);
    return values.isEmpty() ? otherwise : values.getLast();
  }

  boolean has(String... names) {
    return all(names).contains("true");
  }
}
