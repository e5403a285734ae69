package dev.freeway.ecr.scan;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Advisories in files: `.json` with one document or an array of them, `.zip` of such files (as
/// OSV's databases are published).
public final class AdvisoryFiles {
  private AdvisoryFiles() {}

  /// All files below a folder; none when there is no such folder.
  public static AdvisorySource folder(Path folder) {
    return new AdvisorySource() {
      @Override
      public String place() {
        return "the folder " + folder;
      }

      @Override
      public void each(Consumer<JsonNode> taker) throws IOException {
        if (!Files.isDirectory(folder)) {
          return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
          files = all.filter(f -> Files.isRegularFile(f) && isOne(f.toString())).sorted().toList();
        }
        for (Path file : files) {
          try (InputStream in = Files.newInputStream(file)) {
            read(file.toString(), in, taker);
          }
        }
      }
    };
  }

  public static boolean isOne(String name) {
    return name.endsWith(".json") || name.endsWith(".zip");
  }

  /// @param name ends with `.json` or `.zip`
  public static void read(String name, InputStream content, Consumer<JsonNode> taker)
      throws IOException {
    if (!name.endsWith(".zip")) {
      document(name, content.readAllBytes(), taker);
      return;
    }
    ZipInputStream zip = new ZipInputStream(content);
    for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
      if (e.getName().endsWith(".json")) {
        document(name + "!/" + e.getName(), zip.readAllBytes(), taker);
      }
    }
  }

  private static void document(String name, byte[] bytes, Consumer<JsonNode> taker)
      throws IOException {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(new ByteArrayInputStream(bytes));
    } catch (JacksonException e) {
      throw new IOException("the advisory " + name + " is not JSON: " + e.getOriginalMessage(), e);
    }
    if (json.isArray()) {
      json.forEach(taker);
    } else {
      taker.accept(json);
    }
  }
}
