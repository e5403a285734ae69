package dev.freeway.ecr.scan;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Packages that pip installed: the metadata beside each.
final class PythonReader implements PackageReader {
  @Override
  public boolean reads(String path) {
    // Debian's own Python packages are dpkg's, with Debian's fixes.
    return path.matches("(.*/)?[^/]+\\.dist-info/METADATA|(.*/)?[^/]+\\.egg-info(/PKG-INFO)?")
        && !path.startsWith("usr/lib/python3/dist-packages/");
  }

  @Override
  public List<FoundPackage> read(String path, InputStream content) throws IOException {
    List<Map<String, String>> paragraphs = Paragraphs.read(content);
    if (paragraphs.isEmpty()) {
      return List.of();
    }
    String name = paragraphs.getFirst().getOrDefault("Name", "");
    String version = paragraphs.getFirst().getOrDefault("Version", "");
    if (name.isEmpty() || version.isEmpty()) {
      return List.of();
    }
    return List.of(
        FoundPackage.of("PYTHONPKG", "PyPI", name, version).named(List.of(normal(name))));
  }

  /// `Flask_Login` and `flask-login` are one name.
  static String normal(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-");
  }
}
