package dev.freeway.ecr.scan;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Packages of Debian and its like: dpkg's status file, or a file for each package where there is
/// no dpkg (distroless images).
final class DpkgReader implements PackageReader {
  private static final Pattern SOURCE = Pattern.compile("(\\S+)(?:\\s+\\((.+)\\))?");

  @Override
  public boolean reads(String path) {
    return path.equals("var/lib/dpkg/status")
        || path.matches("var/lib/dpkg/status\\.d/[^/]+") && !path.endsWith(".md5sums");
  }

  @Override
  public List<FoundPackage> read(String path, InputStream content) throws IOException {
    List<FoundPackage> found = new ArrayList<>();
    for (Map<String, String> p : Paragraphs.read(content)) {
      String name = p.getOrDefault("Package", "");
      String version = p.getOrDefault("Version", "");
      // Removed packages stay listed while their configuration does.
      boolean installed = p.getOrDefault("Status", "ok installed").endsWith(" installed");
      if (name.isEmpty() || version.isEmpty() || !installed) {
        continue;
      }
      Matcher source = SOURCE.matcher(p.getOrDefault("Source", name));
      boolean named = source.matches();
      found.add(
          FoundPackage.ofSystem(
              name,
              version,
              named ? source.group(1) : name,
              named && source.group(2) != null ? source.group(2) : version,
              p.getOrDefault("Architecture", "")));
    }
    return found;
  }
}
