package dev.freeway.codecommit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/// The bare repositories on disk: `<account>/<region>/<id>`.
final class GitFolders {
  private final Path root;

  GitFolders(Path root) {
    this.root = root;
    try {
      Files.createDirectories(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path(Repository r) {
    return root.resolve(r.account()).resolve(r.region()).resolve(r.id());
  }

  /// Opens it; the caller closes it.
  org.eclipse.jgit.lib.Repository open(Repository r) {
    try {
      return new FileRepositoryBuilder()
          .setGitDir(path(r).toFile())
          .setBare()
          .setMustExist(true)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void create(Repository r) {
    try {
      Files.createDirectories(path(r).getParent());
      try (var git = new FileRepository(path(r).toFile())) {
        git.create(true);
        StoredConfig config = git.getConfig();
        // What was acknowledged is on disk.
        config.setBoolean("core", null, "fsyncObjectFiles", true);
        config.setBoolean("core", null, "fsyncRefFiles", true);
        config.setBoolean("core", null, "logAllRefUpdates", false);
        // A background gc must not take objects that a push is about to name.
        config.setString("gc", null, "auto", "0");
        config.save();
        git.updateRef(Constants.HEAD).link(Constants.R_HEADS + "main");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes HEAD, which clones check out, the default branch.
  void head(org.eclipse.jgit.lib.Repository git, String branch) {
    try {
      git.updateRef(Constants.HEAD).link(Constants.R_HEADS + branch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete(Repository r) {
    delete(path(r));
  }

  /// Removes the folders of repositories that do not exist: a crash came between the two.
  void sweep(List<Repository> all) {
    Set<Path> known = Set.copyOf(all.stream().map(this::path).toList());
    try (Stream<Path> folders = Files.find(root, 3, (p, a) -> a.isDirectory())) {
      folders
          .filter(p -> p.getNameCount() == root.getNameCount() + 3 && !known.contains(p))
          .toList()
          .forEach(GitFolders::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Before anything is served: removes the locks and half-received packs of a process that was
  /// killed. A lock that stayed would refuse every push for ever.
  void unlock(Repository r) {
    Path folder = path(r);
    try (Stream<Path> locks =
            Files.find(folder, 20, (p, a) -> p.toString().endsWith(".lock") && a.isRegularFile());
        Stream<Path> packs =
            Files.find(
                folder.resolve("objects"),
                2,
                (p, a) -> p.getFileName().toString().startsWith("incoming_"))) {
      for (Path p : Stream.concat(locks, packs).toList()) {
        Files.deleteIfExists(p);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(p);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
