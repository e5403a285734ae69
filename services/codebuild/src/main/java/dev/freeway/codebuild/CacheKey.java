package dev.freeway.codebuild;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The text of a cache's key, worked out before the build runs: `$NAME`, `${NAME}` and
/// `$(codebuild-hash-files FILES…)`. Other commands are refused: there is no shell yet.
record CacheKey(Map<String, String> variables, Places places) {
  private static final Pattern PART =
      Pattern.compile(
          "\\$\\(([^)]*)\\)|\\$\\{([A-Za-z_][A-Za-z0-9_]*)}|\\$([A-Za-z_][A-Za-z0-9_]*)");
  private static final String HASH = "codebuild-hash-files ";

  String of(String text) throws BuildFailed, IOException {
    StringBuilder out = new StringBuilder();
    Matcher m = PART.matcher(text);
    while (m.find()) {
      String value;
      if (m.group(1) != null) {
        value = command(m.group(1).strip());
      } else {
        value = variables.getOrDefault(m.group(2) == null ? m.group(3) : m.group(2), "");
      }
      m.appendReplacement(out, Matcher.quoteReplacement(value));
    }
    return m.appendTail(out).toString();
  }

  private String command(String text) throws BuildFailed, IOException {
    if (!text.startsWith(HASH)) {
      throw new BuildFailed(
          "YAML_FILE_ERROR", "A cache key can run codebuild-hash-files only, not: " + text);
    }
    List<String> patterns = new ArrayList<>();
    for (String word : text.substring(HASH.length()).strip().split("\\s+")) {
      patterns.add(word.replaceAll("^['\"]|['\"]$", ""));
    }
    try {
      MessageDigest sum = MessageDigest.getInstance("SHA-256");
      FileSet set = new FileSet(null, patterns, List.of(), false, false, false);
      for (Map.Entry<String, Path> e : set.find(places).entrySet()) {
        sum.update(e.getKey().getBytes(StandardCharsets.UTF_8));
        sum.update(Files.readAllBytes(e.getValue()));
      }
      return HexFormat.of().formatHex(sum.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
