package dev.freeway.codecommit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.merge.ContentMergeStrategy;
import org.eclipse.jgit.merge.MergeAlgorithm;
import org.eclipse.jgit.merge.MergeFormatter;
import org.eclipse.jgit.merge.MergeResult;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.NameConflictTreeWalk;
import org.jspecify.annotations.Nullable;

/// Merges one commit into another, by CodeCommit's rules: where both sides changed a file it is a
/// conflict (FILE_LEVEL), or only where they changed the same lines (LINE_LEVEL).
final class Merge {
  private static final int BASE = 0;
  private static final int SOURCE = 1;
  private static final int DESTINATION = 2;

  /// One path that both changed. Sides are null where there is no file.
  ///
  /// @param text the merge of its lines; null where it has none
  record Conflict(
      String path,
      TreeEdit.@Nullable Entry base,
      TreeEdit.@Nullable Entry source,
      TreeEdit.@Nullable Entry destination,
      @Nullable MergeResult<RawText> text) {}

  private final org.eclipse.jgit.lib.Repository git;
  private final RevCommit source;
  private final RevCommit destination;
  private final @Nullable RevCommit base;
  private final boolean byLine;
  private final String strategy;
  private final List<Conflict> conflicts = new ArrayList<>();

  /// @param strategy NONE, ACCEPT_SOURCE, ACCEPT_DESTINATION or AUTOMERGE
  Merge(
      org.eclipse.jgit.lib.Repository git,
      RevCommit source,
      RevCommit destination,
      @Nullable String level,
      @Nullable String strategy)
      throws IOException {
    this.git = git;
    this.source = source;
    this.destination = destination;
    this.base = base(git, source, destination);
    this.byLine = "LINE_LEVEL".equals(level);
    this.strategy = strategy == null ? "NONE" : strategy;
  }

  /// The same where a failure to read is nobody's to handle.
  static @Nullable RevCommit baseOf(Git git, RevCommit a, RevCommit b) {
    try {
      return base(git.git(), a, b);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static @Nullable RevCommit base(org.eclipse.jgit.lib.Repository git, RevCommit a, RevCommit b)
      throws IOException {
    try (RevWalk walk = new RevWalk(git)) {
      walk.setRevFilter(RevFilter.MERGE_BASE);
      walk.markStart(walk.parseCommit(a));
      walk.markStart(walk.parseCommit(b));
      RevCommit found = walk.next();
      if (found == null) {
        return null;
      }
      try (RevWalk plain = new RevWalk(git)) {
        return plain.parseCommit(found);
      }
    }
  }

  @Nullable RevCommit base() {
    return base;
  }

  boolean isFastForward() {
    return base != null && base.equals(destination);
  }

  List<Conflict> conflicts() {
    return conflicts;
  }

  /// The destination's files with the source's changes; what conflicts stays the destination's.
  TreeEdit run(ObjectInserter inserter) throws IOException {
    TreeEdit result = TreeEdit.of(git, destination.getTree());
    try (NameConflictTreeWalk walk = new NameConflictTreeWalk(git)) {
      if (base == null) {
        walk.addTree(new EmptyTreeIterator());
      } else {
        walk.addTree(base.getTree());
      }
      walk.addTree(source.getTree());
      walk.addTree(destination.getTree());
      while (walk.next()) {
        if (same(walk, SOURCE, DESTINATION) || same(walk, SOURCE, BASE)) {
          continue;
        }
        if (same(walk, DESTINATION, BASE)) {
          take(walk, result);
        } else if (mayEnter(walk)) {
          walk.enterSubtree();
        } else {
          both(walk, result, inserter);
        }
      }
    }
    return result;
  }

  private static boolean same(NameConflictTreeWalk walk, int a, int b) {
    return walk.getRawMode(a) == walk.getRawMode(b) && walk.idEqual(a, b);
  }

  private static boolean mayEnter(NameConflictTreeWalk walk) {
    return Arrays.stream(new int[] {BASE, SOURCE, DESTINATION})
        .map(walk::getRawMode)
        .allMatch(m -> m == 0 || m == FileMode.TYPE_TREE);
  }

  private void take(NameConflictTreeWalk walk, TreeEdit result) throws IOException {
    String path = walk.getPathString();
    result.clear(path);
    if (walk.getRawMode(SOURCE) == FileMode.TYPE_TREE) {
      TreeEdit whole = TreeEdit.of(git, source.getTree());
      for (Map.Entry<String, TreeEdit.Entry> e : whole.below(path).entrySet()) {
        result.put(e.getKey(), e.getValue());
      }
    } else {
      TreeEdit.Entry theirs = entry(walk, SOURCE);
      if (theirs != null) {
        result.put(path, theirs);
      }
    }
  }

  private void both(NameConflictTreeWalk walk, TreeEdit result, ObjectInserter inserter)
      throws IOException {
    String path = walk.getPathString();
    TreeEdit.Entry b = entry(walk, BASE);
    TreeEdit.Entry s = entry(walk, SOURCE);
    TreeEdit.Entry d = entry(walk, DESTINATION);
    MergeResult<RawText> text = text(b, s, d);
    if (byLine && s != null && text != null && !text.containsConflicts()) {
      result.clear(path);
      result.put(path, merged(text, s, inserter));
    } else if (strategy.startsWith("ACCEPT_")) {
      accept(path, s, text, result, inserter);
    } else {
      conflicts.add(new Conflict(path, b, s, d, text));
    }
  }

  private void accept(
      String path,
      TreeEdit.@Nullable Entry s,
      @Nullable MergeResult<RawText> text,
      TreeEdit result,
      ObjectInserter inserter)
      throws IOException {
    if (byLine && text != null && s != null) {
      // Only the lines in conflict are that side's: the others are merged.
      result.clear(path);
      result.put(path, merged(text, s, inserter));
    } else if (strategy.equals("ACCEPT_SOURCE")) {
      result.clear(path);
      if (s != null) {
        result.put(path, s);
      }
    }
  }

  private static TreeEdit.Entry merged(
      MergeResult<RawText> text, TreeEdit.Entry like, ObjectInserter inserter) throws IOException {
    var out = new java.io.ByteArrayOutputStream();
    new MergeFormatter()
        .formatMerge(out, text, List.of("", "", ""), java.nio.charset.StandardCharsets.UTF_8);
    return new TreeEdit.Entry(like.mode(), inserter.insert(Constants.OBJ_BLOB, out.toByteArray()));
  }

  // Null where the sides are not three text files, or two with no base.
  private @Nullable MergeResult<RawText> text(
      TreeEdit.@Nullable Entry b, TreeEdit.@Nullable Entry s, TreeEdit.@Nullable Entry d)
      throws IOException {
    if (s == null || d == null || !isText(b) || !isText(s) || !isText(d)) {
      return null;
    }
    MergeAlgorithm algorithm = new MergeAlgorithm();
    algorithm.setContentMergeStrategy(
        !byLine
            ? ContentMergeStrategy.CONFLICT
            : switch (strategy) {
              case "ACCEPT_SOURCE" -> ContentMergeStrategy.OURS;
              case "ACCEPT_DESTINATION" -> ContentMergeStrategy.THEIRS;
              default -> ContentMergeStrategy.CONFLICT;
            });
    RawText none = new RawText(new byte[0]);
    return algorithm.merge(RawTextComparator.DEFAULT, b == null ? none : raw(b), raw(s), raw(d));
  }

  private boolean isText(TreeEdit.@Nullable Entry e) throws IOException {
    if (e == null) {
      return true;
    }
    if (!FileModes.isRegular(e.mode())) {
      return false;
    }
    byte[] content = bytes(e.id());
    return !RawText.isBinary(content, content.length, true);
  }

  byte[] bytes(ObjectId blob) throws IOException {
    return git.open(blob).getBytes();
  }

  private RawText raw(TreeEdit.Entry e) throws IOException {
    return new RawText(bytes(e.id()));
  }

  private static TreeEdit.@Nullable Entry entry(NameConflictTreeWalk walk, int side) {
    return walk.getRawMode(side) == 0
        ? null
        : new TreeEdit.Entry(walk.getFileMode(side), walk.getObjectId(side));
  }
}
