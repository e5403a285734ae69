package dev.freeway.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// The runtimes' own files, as functions see them in `/var/runtime`.
final class Bootstraps {
  private final Path folder;
  private boolean made;

  Bootstraps(Path folder) {
    this.folder = folder;
  }

  /// Written anew by each Freeway: they may have changed.
  synchronized Path folder() throws IOException {
    if (!made) {
      Files.createDirectories(folder.resolve("lib"));
      for (String name : List.of("bootstrap.py", "bootstrap.cjs")) {
        try (InputStream in = Bootstraps.class.getResourceAsStream("runtime/" + name)) {
          if (in == null) {
            throw new IOException("no resource " + name);
          }
          Files.copy(in, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      made = true;
    }
    return folder;
  }

  /// Of the Java bootstrap, inside.
  String javaPath() {
    return "lib/*";
  }
}
