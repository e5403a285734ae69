package dev.freeway.containers.sandbox;

import dev.freeway.containers.Capabilities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Looks at what the machine offers, by trying where looking is not enough.
record Probe(StateFiles files, Cgroups cgroups) {
  Capabilities run() {
    var problems = new ArrayList<String>();
    var notes = new ArrayList<String>();
    if (!System.getProperty("os.name").equals("Linux")) {
      problems.add("containers need Linux");
    }
    if (!Shim.PROCESSORS.containsKey(System.getProperty("os.arch"))) {
      problems.add("no system call numbers for processor " + System.getProperty("os.arch"));
    }
    if (!"root".equals(System.getProperty("user.name"))) {
      problems.add("containers need root: run Freeway as root");
    }
    if (!onPath("perl")) {
      problems.add("perl is missing: install perl-base");
    }
    if (!onPath("ip")) {
      problems.add("ip is missing: install iproute2");
    }
    if (files.base().toString().matches(".*[:,\\\\\"].*")) {
      problems.add("the data directory's path must not contain : , \\ or \": " + files.base());
    }
    if (problems.isEmpty()) {
      tryOverlay(problems);
      tryNamespace(problems);
    }
    var limits = cgroups.supported();
    for (var limit : Capabilities.Limit.values()) {
      if (!limits.contains(limit)) {
        notes.add("the limit " + limit + " is not enforced: no such control group");
      }
    }
    notes.add("containers keep 14 of root's capabilities and no user namespace: run trusted code");
    return new Capabilities(
        "sandbox", problems.isEmpty(), limits, List.copyOf(problems), List.copyOf(notes));
  }

  private void tryOverlay(List<String> problems) {
    try {
      var dir = Files.createTempDirectory(files.base(), "probe");
      for (var part : List.of("lower", "upper", "work", "root")) {
        Files.createDirectory(dir.resolve(part));
      }
      // In a mount namespace of its own: the kernel forgets the mount when the command ends.
      var options = "lowerdir=lower,upperdir=upper,workdir=work";
      var outcome =
          Command.of(
                  "unshare",
                  "-m",
                  "sh",
                  "-c",
                  "cd \"$1\" && mount -t overlay overlay -o " + options + " root",
                  "sh",
                  dir.toString())
              .run("");
      if (outcome.code() != 0) {
        problems.add("overlayfs does not work in " + files.base() + ": " + outcome.output());
      }
      StateFiles.deleteTree(dir);
    } catch (IOException e) {
      problems.add("cannot write to " + files.base() + ": " + e.getMessage());
    }
  }

  private static void tryNamespace(List<String> problems) {
    var outcome = Command.of("unshare", "-n", "-p", "-u", "-i", "-f", "true").run("");
    if (outcome.code() != 0) {
      problems.add("cannot make namespaces: " + outcome.output());
    }
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(dir -> !dir.isEmpty() && Files.isExecutable(Path.of(dir, program)));
  }
}
