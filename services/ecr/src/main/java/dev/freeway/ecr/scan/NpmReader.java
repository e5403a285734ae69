package dev.freeway.ecr.scan;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Packages that npm installed: what `node_modules` holds.
final class NpmReader implements PackageReader {
  @Override
  public boolean reads(String path) {
    return path.matches("(.*/)?node_modules/(@[^/]+/)?[^/@][^/]*/package\\.json");
  }

  @Override
  public List<FoundPackage> read(String path, InputStream content) throws IOException {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(PackageReader.all(content));
    } catch (JacksonException e) {
      throw new IOException("it is not JSON: " + e.getOriginalMessage(), e);
    }
    String name = json.path("name").asString("");
    String version = json.path("version").asString("");
    return name.isEmpty() || version.isEmpty()
        ? List.of()
        : List.of(FoundPackage.of("NODEPKG", "npm", name, version));
  }
}
