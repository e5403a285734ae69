package dev.freeway.ecr.scan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Text of `Field: value` lines in paragraphs that empty lines part: dpkg's status, the metadata of
/// Python packages. Continued lines are left out: nothing here needs them.
final class Paragraphs {
  private Paragraphs() {}

  static List<Map<String, String>> read(InputStream content) throws IOException {
    String text = new String(PackageReader.all(content), StandardCharsets.UTF_8);
    List<Map<String, String>> all = new ArrayList<>();
    Map<String, String> one = new HashMap<>();
    for (String line : text.lines().toList()) {
      if (line.isBlank()) {
        if (!one.isEmpty()) {
          all.add(one);
          one = new HashMap<>();
        }
        continue;
      }
      int colon = line.indexOf(':');
      if (colon > 0 && !Character.isWhitespace(line.charAt(0))) {
        one.putIfAbsent(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    if (!one.isEmpty()) {
      all.add(one);
    }
    return all;
  }
}
