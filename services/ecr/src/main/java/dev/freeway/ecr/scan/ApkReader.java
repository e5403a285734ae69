package dev.freeway.ecr.scan;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Packages of Alpine: apk's list of what is installed.
final class ApkReader implements PackageReader {
  @Override
  public boolean reads(String path) {
    return path.equals("lib/apk/db/installed") || path.equals("usr/lib/apk/db/installed");
  }

  @Override
  public List<FoundPackage> read(String path, InputStream content) throws IOException {
    List<FoundPackage> found = new ArrayList<>();
    for (Map<String, String> p : Paragraphs.read(content)) {
      String name = p.getOrDefault("P", "");
      String version = p.getOrDefault("V", "");
      if (!name.isEmpty() && !version.isEmpty()) {
        found.add(
            FoundPackage.ofSystem(
                name, version, p.getOrDefault("o", name), version, p.getOrDefault("A", "")));
      }
    }
    return found;
  }
}
