package dev.freeway.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.util.List;

/// The runtimes' own files, as functions see them in `/var/runtime`.
final class Bootstraps {
  private static final List<String> JAVA =
      List.of("Bootstrap.class", "Entry.class", "ContextProxy.class");

  /// What the Java bootstrap needs; each stands for the jar it is in.
  private static final List<String> LIBRARIES =
      List.of(
          "tools.jackson.databind.json.JsonMapper",
          "tools.jackson.core.JsonParser",
          "com.fasterxml.jackson.annotation.JsonProperty");

  private final Path folder;
  private boolean made;
  private boolean madeJava;

  Bootstraps(Path folder) {
    this.folder = folder;
  }

  /// Written anew by each Freeway: they may have changed.
  synchronized Path folder() throws IOException {
    if (!made) {
      Files.createDirectories(folder);
      for (String name : List.of("bootstrap.py", "bootstrap.cjs")) {
        copy("runtime/" + name, folder.resolve(name));
      }
      made = true;
    }
    return folder;
  }

  /// The class path of the Java bootstrap, inside.
  synchronized String javaPath() throws IOException {
    if (!madeJava) {
      Path classes = folder.resolve("classes/dev/freeway/lambda/java");
      Files.createDirectories(classes);
      for (String name : JAVA) {
        copy("java/" + name, classes.resolve(name));
      }
      Path jars = Files.createDirectories(folder.resolve("lib"));
      for (String name : LIBRARIES) {
        Path jar = jar(name);
        Files.copy(jar, jars.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
      madeJava = true;
    }
    return "/var/runtime/classes:/var/runtime/lib/*";
  }

  private static Path jar(String name) throws IOException {
    try {
      CodeSource source = Class.forName(name).getProtectionDomain().getCodeSource();
      return Path.of(source.getLocation().toURI());
    } catch (ClassNotFoundException | URISyntaxException e) {
      throw new IOException("no jar for " + name, e);
    }
  }

  private static void copy(String resource, Path to) throws IOException {
    try (InputStream in = Bootstraps.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("no resource " + resource);
      }
      Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
