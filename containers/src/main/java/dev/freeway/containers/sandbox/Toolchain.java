package dev.freeway.containers.sandbox;

import dev.freeway.containers.Mount;
import dev.freeway.containers.RootFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A root made of the machine's own programs: an empty tree with the right links, on which the
/// machine's directories are mounted read-only. `/etc` may be changed privately, home and `/tmp`
/// are empty.
public record Toolchain(Path skeleton, List<Mount> mounts, Map<String, String> environment) {
  private static final Path JAVA = Path.of(System.getProperty("java.home"));

  // One at a time: the first two containers would make the same links.
  public static synchronized Toolchain make(Path skeleton, RootFs.HostToolchain asked)
      throws IOException {
    for (var dir : List.of("root", "tmp", "run", "var/tmp", "var/cache", "home", "srv", "mnt")) {
      Files.createDirectories(skeleton.resolve(dir));
    }
    var mounts = new ArrayList<Mount>();
    for (var name : List.of("usr", "opt", "bin", "sbin", "lib", "lib32", "lib64", "libx32")) {
      var host = Path.of("/", name);
      var inside = skeleton.resolve(name);
      if (Files.isSymbolicLink(host)) {
        if (!Files.isSymbolicLink(inside)) {
          Files.createSymbolicLink(inside, Files.readSymbolicLink(host));
        }
      } else if (Files.isDirectory(host)) {
        Files.createDirectories(inside);
        mounts.add(Mount.readOnly(host, "/" + name));
      }
    }
    mounts.add(new Mount.Private(Path.of("/etc"), "/etc"));
    var tools = new ArrayList<>(asked.tools());
    tools.add(JAVA);
    for (var tool : tools) {
      if (!tool.startsWith("/usr") && !tool.startsWith("/opt") && !tool.startsWith("/etc")) {
        mounts.add(Mount.readOnly(tool, tool.toString()));
      }
    }
    return new Toolchain(
        skeleton,
        mounts,
        Map.of(
            "PATH",
            JAVA.resolve("bin") + ":" + Launch.PATH,
            "JAVA_HOME",
            JAVA.toString(),
            "LANG",
            "C.UTF-8"));
  }
}
