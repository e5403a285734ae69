package dev.freeway.codebuild;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Files of a build that patterns choose.
///
/// @param base folder the patterns and the names begin at; null is the source's
/// @param flat names are without folders
/// @param links symbolic links are taken as links; else as the files they lead to
/// @param folders a pattern that names a folder takes all below it
record FileSet(
    @Nullable String base,
    List<String> include,
    List<String> exclude,
    boolean flat,
    boolean links,
    boolean folders) {

  /// Name → file, in the order of the patterns, then of the names.
  Map<String, Path> find(Places places) throws IOException {
    Map<String, Path> found = new LinkedHashMap<>();
    for (String folder : bases(places)) {
      List<Pattern> not =
          exclude.stream()
              .map(e -> Globs.regex(Places.absolute(places.expand(e), folder)))
              .toList();
      for (String pattern : include) {
        String glob = Places.absolute(places.expand(pattern), folder);
        matches(places, glob)
            .forEach(
                (inside, file) -> {
                  if (not.stream().noneMatch(n -> n.matcher(inside).matches())) {
                    found.putIfAbsent(name(inside, folder), file);
                  }
                });
      }
    }
    return found;
  }

  /// The folders that `base` stands for; none when there is no such folder.
  List<String> bases(Places places) throws IOException {
    if (base == null) {
      return List.of(Places.SOURCE);
    }
    String wanted = Places.absolute(places.expand(base), Places.SOURCE);
    String fixed = Globs.fixed(wanted);
    List<String> folders = new ArrayList<>();
    Path root = places.host(fixed);
    if (!Files.isDirectory(root) || !places.safe(root)) {
      return folders;
    }
    if (fixed.equals(wanted)) {
      folders.add(wanted);
      return folders;
    }
    Pattern pattern = Globs.regex(wanted);
    try (var all = Files.walk(root)) {
      all.filter(d -> Files.isDirectory(d, LinkOption.NOFOLLOW_LINKS))
          .map(d -> Path.of(fixed).resolve(root.relativize(d).toString()).toString())
          .filter(d -> pattern.matcher(d).matches())
          .sorted()
          .forEach(folders::add);
    }
    return folders;
  }

  private String name(String inside, String folder) {
    if (flat) {
      return inside.substring(inside.lastIndexOf('/') + 1);
    }
    return inside.startsWith(folder + "/")
        ? inside.substring(folder.length() + 1)
        : inside.substring(1);
  }

  /// Absolute path inside → file, of patterns whose files need not be under one folder. Links stay
  /// links.
  static Map<String, Path> everywhere(List<String> patterns, Places places) throws IOException {
    FileSet set = new FileSet(null, patterns, List.of(), false, true, true);
    Map<String, Path> found = new LinkedHashMap<>();
    for (String pattern : patterns) {
      found.putAll(set.matches(places, Places.absolute(places.expand(pattern), Places.SOURCE)));
    }
    return found;
  }

  private Map<String, Path> matches(Places places, String glob) throws IOException {
    Map<String, Path> found = new LinkedHashMap<>();
    String fixed = Globs.fixed(glob);
    Path root = places.host(fixed);
    boolean plain = fixed.equals(glob);
    if (plain && !Files.isDirectory(root)) {
      take(places, root, fixed, found);
    } else if ((!plain || folders) && Files.isDirectory(root) && places.safe(root)) {
      Pattern pattern = Globs.regex(plain ? glob + "/**/*" : glob);
      try (var all = Files.walk(root)) {
        for (Path file : all.sorted().toList()) {
          String inside = Path.of(fixed).resolve(root.relativize(file).toString()).toString();
          if (pattern.matcher(inside).matches()) {
            take(places, file, inside, found);
          }
        }
      }
    }
    return found;
  }

  private void take(Places places, Path file, String inside, Map<String, Path> found)
      throws IOException {
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      if (places.safe(file)) {
        found.put(inside, file);
      }
    } else if (Files.isSymbolicLink(file)) {
      if (links) {
        found.put(inside, file);
      } else {
        places.target(file).ifPresent(target -> found.put(inside, target));
      }
    }
  }
}
