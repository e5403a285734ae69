package dev.freeway.codecommit;

import dev.freeway.codecommit.api.CodecommitErrors;
import dev.freeway.codecommit.api.ConflictResolution;
import dev.freeway.codecommit.api.DeleteFileEntry;
import dev.freeway.codecommit.api.ReplaceContentEntry;
import dev.freeway.codecommit.api.SetFileModeEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.revwalk.RevCommit;
import org.jspecify.annotations.Nullable;

/// A merge to carry out: of branches, of a pull request, or of nothing but commits.
///
/// @param option FAST_FORWARD_MERGE, SQUASH_MERGE or THREE_WAY_MERGE
record MergeOperation(
    String option,
    @Nullable String level,
    @Nullable String strategy,
    @Nullable ConflictResolution resolution,
    boolean keepEmptyFolders) {
  static final String FAST_FORWARD = "FAST_FORWARD_MERGE";
  static final String SQUASH = "SQUASH_MERGE";
  static final String THREE_WAY = "THREE_WAY_MERGE";

  record Made(ObjectId commit, ObjectId tree) {}

  /// Writes the merged commit; moves nothing. Throws ManualMergeRequiredException for conflicts.
  Made make(Git git, RevCommit source, RevCommit destination, CommitWriter writer)
      throws IOException {
    Merge merge = new Merge(git.git(), source, destination, level, strategy);
    if (option.equals(FAST_FORWARD)) {
      if (!merge.isFastForward()) {
        throw manual();
      }
      return new Made(source, source.getTree());
    }
    try (ObjectInserter inserter = git.git().newObjectInserter()) {
      TreeEdit tree = merge.run(inserter);
      resolve(merge, tree, inserter);
      ObjectId id = tree.write(inserter);
      List<ObjectId> parents = new ArrayList<>(List.of(destination));
      if (option.equals(THREE_WAY)) {
        parents.add(source);
      }
      String otherwise = "Merge commit '" + source.name() + "'\n";
      return new Made(writer.write(inserter, id, parents, otherwise), id);
    }
  }

  private void resolve(Merge merge, TreeEdit tree, ObjectInserter inserter) throws IOException {
    Map<String, ReplaceContentEntry> replaced = new HashMap<>();
    Set<String> deleted = new HashSet<>();
    if ("AUTOMERGE".equals(strategy) && resolution != null) {
      for (ReplaceContentEntry r : or(resolution.replaceContents())) {
        if (replaced.put(FilePath.file(r.filePath()), r) != null) {
          throw CodecommitErrors.multipleConflictResolutionEntriesException(
              "More than one conflict resolution entry exists for " + r.filePath());
        }
      }
      for (DeleteFileEntry d : or(resolution.deleteFiles())) {
        deleted.add(FilePath.file(d.filePath()));
      }
    }
    for (Merge.Conflict c : merge.conflicts()) {
      if (deleted.contains(c.path())) {
        tree.clear(c.path());
      } else if (replaced.containsKey(c.path())) {
        replace(tree, c, replaced.get(c.path()), inserter);
      } else {
        throw manual();
      }
    }
    if (resolution != null) {
      for (SetFileModeEntry m : or(resolution.setFileModes())) {
        String path = FilePath.file(m.filePath());
        tree.find(path)
            .ifPresent(e -> tree.put(path, new TreeEdit.Entry(FileModes.of(m.fileMode()), e.id())));
      }
    }
  }

  private static void replace(
      TreeEdit tree, Merge.Conflict c, ReplaceContentEntry r, ObjectInserter inserter)
      throws IOException {
    TreeEdit.Entry chosen =
        switch (r.replacementType()) {
          case "KEEP_BASE" -> c.base();
          case "KEEP_SOURCE" -> c.source();
          case "KEEP_DESTINATION" -> c.destination();
          case "USE_NEW_CONTENT" -> {
            if (r.content() == null) {
              throw CodecommitErrors.replacementContentRequiredException(
                  "Replacement content is required for " + c.path());
            }
            yield new TreeEdit.Entry(
                FileModes.of(r.fileMode()), inserter.insert(Constants.OBJ_BLOB, r.content()));
          }
          default ->
              throw CodecommitErrors.invalidReplacementTypeException(
                  "The specified replacement type is not valid: " + r.replacementType());
        };
    tree.clear(c.path());
    if (chosen != null) {
      tree.put(c.path(), chosen);
    }
  }

  private static <T> List<T> or(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  static dev.freeway.wire.AwsException manual() {
    return CodecommitErrors.manualMergeRequiredException(
        "The merge cannot be completed because the destination branch and the source branch contain conflicts that must be resolved manually.");
  }
}
