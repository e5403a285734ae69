package dev.freeway.codebuild;

import dev.freeway.codebuild.ReportFormat.Coverage;
import dev.freeway.codebuild.ReportFormat.Unreadable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// LCOV's tracefiles (`lcov.info`): records of `SF:file`, `DA:line,count` and
/// `BRDA:line,block,branch,taken`, each ended by `end_of_record`. Records of one file count
/// together, each line and branch once.
final class LcovInfo {
  private static final class Count {
    final Map<String, Boolean> lines = new LinkedHashMap<>();
    final Map<String, Boolean> branches = new LinkedHashMap<>();

    Coverage coverage(String file) {
      int hit = (int) lines.values().stream().filter(b -> b).count();
      int taken = (int) branches.values().stream().filter(b -> b).count();
      return new Coverage(file, hit, lines.size() - hit, taken, branches.size() - taken);
    }
  }

  private LcovInfo() {}

  static List<Coverage> read(Path file) throws IOException, Unreadable {
    Map<String, Count> files = new LinkedHashMap<>();
    @Nullable Count current = null;
    // Names of files may be in any encoding: LATIN-1 reads them all.
    for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      int colon = line.indexOf(':');
      String[] parts = line.substring(colon + 1).trim().split(",", -1);
      switch (colon < 0 ? line.trim() : line.substring(0, colon)) {
        case "SF" -> current = files.computeIfAbsent(utf8(line, colon), f -> new Count());
        case "DA" -> merge(in(current, line).lines, parts[0], at(parts, 1, line));
        case "BRDA" -> {
          String taken = at(parts, parts.length - 1, line);
          merge(in(current, line).branches, key(parts), taken.equals("-") ? "0" : taken);
        }
        case "end_of_record" -> current = null;
        default -> {} // functions and sums say nothing new
      }
    }
    if (files.isEmpty()) {
      throw new Unreadable("no SF record");
    }
    List<Coverage> all = new ArrayList<>();
    files.forEach((name, count) -> all.add(count.coverage(name)));
    return all;
  }

  private static String utf8(String line, int colon) {
    byte[] bytes = line.substring(colon + 1).trim().getBytes(StandardCharsets.ISO_8859_1);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Count in(@Nullable Count current, String line) throws Unreadable {
    if (current == null) {
      throw new Unreadable("outside of a record: " + line);
    }
    return current;
  }

  private static String at(String[] parts, int index, String line) throws Unreadable {
    if (parts.length <= Math.max(1, index)) {
      throw new Unreadable("cut off: " + line);
    }
    return parts[index];
  }

  private static String key(String[] parts) {
    return String.join(",", List.of(parts).subList(0, parts.length - 1));
  }

  private static void merge(Map<String, Boolean> seen, String key, String count) {
    boolean hit = !count.isEmpty() && !count.startsWith("-") && !count.matches("0*");
    seen.merge(key, hit, Boolean::logicalOr);
  }
}
