package dev.freeway.codebuild;

import dev.freeway.containers.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// A cache on this machine: folders that go from one build of a project to its next. Builds that
/// run at once have one each, as they have on hosts of their own.
///
/// @param directory of the project's caches
record LocalCache(Path directory) {

  /// The lowest-numbered cache that no running build has; it is this build's from then on.
  Path take(String build, Predicate<String> running) throws IOException {
    for (int i = 0; ; i++) {
      Path slot = Files.createDirectories(directory.resolve(Integer.toString(i)));
      Path owner = slot.resolve("owner");
      String before = Files.exists(owner) ? Files.readString(owner) : "";
      if (before.equals(build) || before.isEmpty() || !running.test(before)) {
        Files.writeString(owner, build);
        return slot;
      }
    }
  }

  /// Deletes the caches of invalidated generations, once no build has one of them.
  void deleteOlder(Predicate<String> running) throws IOException {
    List<Path> others;
    try (var all = Files.list(directory.getParent())) {
      others = all.filter(d -> !d.equals(directory)).toList();
    }
    for (Path generation : others) {
      boolean used = false;
      try (var slots = Files.list(generation)) {
        for (Path slot : slots.toList()) {
          Path owner = slot.resolve("owner");
          used |= Files.exists(owner) && running.test(Files.readString(owner));
        }
      }
      if (!used) {
        Workspace.delete(generation);
      }
    }
  }

  /// The cache that a build has taken.
  Optional<Path> of(String build) throws IOException {
    for (int i = 0; Files.isDirectory(directory.resolve(Integer.toString(i))); i++) {
      Path slot = directory.resolve(Integer.toString(i));
      if (Files.exists(slot.resolve("owner"))
          && Files.readString(slot.resolve("owner")).equals(build)) {
        return Optional.of(slot);
      }
    }
    return Optional.empty();
  }

  /// Puts the cached folders where the build looks for them: among its sources by moving them
  /// there, elsewhere by mounts.
  static List<Mount> restore(Path slot, List<String> folders, Places places) throws IOException {
    List<Mount> mounts = new ArrayList<>();
    for (String folder : folders) {
      Path kept = slot.resolve(name(folder));
      if (!inSource(folder)) {
        mounts.add(Mount.readWrite(Files.createDirectories(kept), folder));
      } else if (Files.isDirectory(kept, LinkOption.NOFOLLOW_LINKS)
          && !Files.exists(places.host(folder), LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(places.host(folder).getParent());
        Files.move(kept, places.host(folder), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return mounts;
  }

  /// Takes the folders among the sources back. To be called last: they are gone from there.
  static void save(Path slot, List<String> folders, Places places) throws IOException {
    for (String folder : folders) {
      Path from = places.host(folder);
      if (inSource(folder) && Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
        Path kept = slot.resolve(name(folder));
        Workspace.delete(kept);
        Files.move(from, kept, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  private static boolean inSource(String folder) {
    return Path.of(folder).startsWith(Workspace.SOURCE_INSIDE);
  }

  private static String name(String folder) {
    return folder.substring(1).replace("%", "%25").replace("/", "%2F");
  }
}
