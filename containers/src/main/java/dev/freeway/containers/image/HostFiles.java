package dev.freeway.containers.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Collects files of this machine for an image, with the shared libraries they need, and writes
/// them as a layer. Times and owners are left out, so that the same files give the same layer.
final class HostFiles {
  private static final Pattern LIBRARY = Pattern.compile("^\\s*(?:\\S+ => )?(/\\S+) \\(0x");

  private interface Member {
    void put(TarWriter out, String name) throws IOException;
  }

  private final TreeMap<String, Member> members = new TreeMap<>();

  HostFiles directory(String name, int mode) {
    parents(name);
    members.put(name, (out, at) -> out.put(TarEntry.directory(at + "/", mode, 0)));
    return this;
  }

  HostFiles link(String name, String target) {
    parents(name);
    members.put(name, (out, at) -> out.put(TarEntry.symbolicLink(at, target, 0)));
    return this;
  }

  HostFiles text(String name, String content) {
    parents(name);
    var bytes = content.getBytes(StandardCharsets.UTF_8);
    members.put(
        name,
        (out, at) ->
            out.put(
                TarEntry.file(at, 0644, bytes.length, 0), new java.io.ByteArrayInputStream(bytes)));
    return this;
  }

  /// A file's content under another name; links are followed.
  HostFiles file(String name, Path source) throws IOException {
    parents(name);
    var real = source.toRealPath();
    members.put(
        name,
        (out, at) -> {
          int mode = Files.isExecutable(real) ? 0755 : 0644;
          try (var in = Files.newInputStream(real)) {
            out.put(TarEntry.file(at, mode, Files.size(real), 0), in);
          }
        });
    return this;
  }

  /// A whole directory; links inside are kept.
  HostFiles tree(String name, Path source) throws IOException {
    try (var all = Files.walk(source)) {
      for (var path : all.sorted().toList()) {
        var relative = source.relativize(path).toString();
        var at = relative.isEmpty() ? name : name + "/" + relative;
        if (Files.isSymbolicLink(path)) {
          link(at, Files.readSymbolicLink(path).toString());
        } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          directory(at, 0755);
        } else {
          file(at, path);
        }
      }
    }
    return this;
  }

  /// A program or library at the place where it is on this machine, with the libraries it is linked
  /// to.
  HostFiles programs(Collection<Path> programs) throws IOException {
    for (var program : programs) {
      file(place(program), program);
    }
    return libraries(programs);
  }

  HostFiles libraries(Collection<Path> of) throws IOException {
    for (var library : linkedBy(of)) {
      file(place(library), library);
    }
    return this;
  }

  private static String place(Path path) throws IOException {
    return Trees.parent(path).toRealPath().resolve(path.getFileName()).toString().substring(1);
  }

  static Set<Path> linkedBy(Collection<Path> files) throws IOException {
    var words = new ArrayList<>(List.of("ldd"));
    files.forEach(file -> words.add(file.toString()));
    var builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("LC_ALL", "C");
    var process = builder.start();
    var found = new TreeSet<Path>();
    try (var lines = process.inputReader()) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var match = LIBRARY.matcher(line);
        if (match.find()) {
          found.add(Path.of(match.group(1)));
        }
      }
    }
    found.removeAll(files);
    return found;
  }

  private void parents(String name) {
    int slash = name.lastIndexOf('/');
    if (slash > 0 && !members.containsKey(name.substring(0, slash))) {
      directory(name.substring(0, slash), 0755);
    }
  }

  void writeTo(OutputStream out) throws IOException {
    try (var tar = new TarWriter(out)) {
      for (var member : members.entrySet()) {
        member.getValue().put(tar, member.getKey());
      }
    }
  }
}
