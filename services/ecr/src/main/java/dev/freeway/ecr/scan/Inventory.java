package dev.freeway.ecr.scan;

import dev.freeway.containers.image.Compressed;
import dev.freeway.containers.image.TarEntry;
import dev.freeway.containers.image.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The packages of an image, taken from the tars of its layers one after the other, the lowest
/// first. A file that a higher layer replaces or hides does not count.
public final class Inventory {
  private static final List<PackageReader> READERS =
      List.of(
          new DpkgReader(),
          new ApkReader(),
          new RpmReader(),
          new PythonReader(),
          new NpmReader(),
          new JarReader());
  private static final Set<String> RELEASES = Set.of("etc/os-release", "usr/lib/os-release");

  /// What a file told.
  ///
  /// @param text of an `os-release`, else empty
  /// @param trouble why it cannot be read, else empty
  private record Told(List<FoundPackage> packages, String text, String trouble) {}

  /// By path, of the layers so far.
  private final TreeMap<String, Told> files = new TreeMap<>();

  /// @param packages each with its ecosystem; those of an unknown distribution have an empty one
  /// @param distribution such as `Debian:12`; empty when it is none of those known
  /// @param troubles files that could not be read, and why
  public record Contents(
      List<FoundPackage> packages, Optional<String> distribution, List<String> troubles) {}

  /// Adds the next layer.
  ///
  /// @param blob the layer as pushed: tar, or tar in gzip; the caller closes it
  public void add(String digest, InputStream blob) throws IOException {
    TarReader tar = new TarReader(Compressed.open(blob));
    TreeMap<String, Told> here = new TreeMap<>();
    Set<String> hidden = new HashSet<>();
    Set<String> emptied = new HashSet<>();
    for (TarEntry e = tar.next(); e != null; e = tar.next()) {
      String path = clean(e.name());
      String name = path.substring(path.lastIndexOf('/') + 1);
      String folder = path.substring(0, path.length() - name.length());
      if (name.equals(".wh..wh..opq")) {
        emptied.add(folder);
      } else if (name.startsWith(".wh.")) {
        hidden.add(folder + name.substring(4));
      } else if (e.type() == TarEntry.Type.DIRECTORY) {
        files.remove(path);
      } else {
        hidden.add(path);
        take(digest, e, path, tar.content(), here);
      }
    }
    emptied.forEach(this::clear);
    for (String path : hidden) {
      files.remove(path);
      clear(path + "/");
    }
    files.putAll(here);
  }

  private void clear(String folder) {
    if (folder.isEmpty()) {
      files.clear();
    } else {
      files.subMap(folder, folder + Character.MAX_VALUE).clear();
    }
  }

  private void take(
      String layer, TarEntry e, String path, InputStream content, Map<String, Told> here)
      throws IOException {
    if (e.type() == TarEntry.Type.HARD_LINK) {
      String target = clean(e.link());
      Told same = here.getOrDefault(target, files.get(target));
      if (same != null) {
        here.put(path, same);
      }
      return;
    }
    if (e.type() != TarEntry.Type.FILE) {
      return;
    }
    if (RELEASES.contains(path)) {
      byte[] text = PackageReader.all(content);
      here.put(path, new Told(List.of(), new String(text, StandardCharsets.UTF_8), ""));
      return;
    }
    for (PackageReader reader : READERS) {
      if (reader.reads(path)) {
        here.put(path, read(reader, layer, path, content));
        return;
      }
    }
  }

  private static Told read(PackageReader reader, String layer, String path, InputStream content) {
    try {
      List<FoundPackage> found =
          reader.read(path, content).stream()
              .map(p -> p.at(p.path().isEmpty() ? path : p.path(), layer))
              .toList();
      return new Told(found, "", "");
    } catch (IOException | IllegalArgumentException e) {
      // One bad file says nothing of the others; that it was not read is told with the findings.
      return new Told(List.of(), "", "/" + path + ": " + e.getMessage());
    }
  }

  public Contents contents() {
    Optional<String> distribution =
        RELEASES.stream()
            .sorted()
            .flatMap(p -> Optional.ofNullable(files.get(p)).stream())
            .findFirst()
            .flatMap(t -> Distribution.ecosystem(t.text()));
    List<FoundPackage> packages = new ArrayList<>();
    List<String> troubles = new ArrayList<>();
    for (Told told : files.values()) {
      for (FoundPackage p : told.packages()) {
        packages.add(p.manager().equals("OS") ? p.of(distribution.orElse("")) : p);
      }
      if (!told.trouble().isEmpty()) {
        troubles.add(told.trouble());
      }
    }
    return new Contents(List.copyOf(packages), distribution, List.copyOf(troubles));
  }

  private static String clean(String name) {
    String path = name.replaceAll("^(\\./|/)+", "").replaceAll("/+$", "");
    return path.equals(".") ? "" : path;
  }
}
