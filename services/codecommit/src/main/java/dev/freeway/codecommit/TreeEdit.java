package dev.freeway.codecommit;

import dev.freeway.codecommit.api.CodecommitErrors;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/// A commit's files, changed in memory and written as a new tree.
final class TreeEdit {
  private static final String KEEP = ".gitkeep";

  /// A file of a tree.
  record Entry(FileMode mode, ObjectId id) {}

  private final TreeMap<String, Entry> files = new TreeMap<>();

  private TreeEdit() {}

  /// @param tree null for none: the first commit
  static TreeEdit of(org.eclipse.jgit.lib.Repository git, @Nullable ObjectId tree)
      throws IOException {
    TreeEdit edit = new TreeEdit();
    if (tree == null) {
      return edit;
    }
    try (TreeWalk walk = new TreeWalk(git)) {
      walk.addTree(tree);
      walk.setRecursive(true);
      while (walk.next()) {
        edit.files.put(walk.getPathString(), new Entry(walk.getFileMode(), walk.getObjectId(0)));
      }
    }
    return edit;
  }

  Optional<Entry> find(String path) {
    return Optional.ofNullable(files.get(path));
  }

  Map<String, Entry> below(String folder) {
    return new LinkedHashMap<>(files.subMap(folder + "/", folder + "0"));
  }

  void put(String path, Entry entry) {
    if (!below(path).isEmpty()) {
      throw CodecommitErrors.fileNameConflictsWithDirectoryNameException(
          "A folder has the name of the file: " + path);
    }
    for (int at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      if (files.containsKey(path.substring(0, at))) {
        throw CodecommitErrors.directoryNameConflictsWithFileNameException(
            "A file has the name of a folder: " + path.substring(0, at));
      }
    }
    files.put(path, entry);
  }

  /// @param keepFolder whether a folder that would go with its last file gets an empty one
  void remove(String path, boolean keepFolder, ObjectInserter inserter) throws IOException {
    files.remove(path);
    int slash = path.lastIndexOf('/');
    if (keepFolder && slash > 0 && below(path.substring(0, slash)).isEmpty()) {
      ObjectId empty = inserter.insert(Constants.OBJ_BLOB, new byte[0]);
      files.put(path.substring(0, slash + 1) + KEEP, new Entry(FileMode.REGULAR_FILE, empty));
    }
  }

  /// For merges: whatever is at this path or below it.
  void clear(String path) {
    below(path).keySet().forEach(files::remove);
    files.remove(path);
  }

  ObjectId write(ObjectInserter inserter) throws IOException {
    DirCache cache = DirCache.newInCore();
    DirCacheBuilder builder = cache.builder();
    files.forEach(
        (path, file) -> {
          DirCacheEntry e = new DirCacheEntry(path);
          e.setFileMode(file.mode());
          e.setObjectId(file.id());
          builder.add(e);
        });
    builder.finish();
    return cache.writeTree(inserter);
  }
}
