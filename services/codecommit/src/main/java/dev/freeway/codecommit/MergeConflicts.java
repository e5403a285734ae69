package dev.freeway.codecommit;

import dev.freeway.codecommit.api.ConflictMetadata;
import dev.freeway.codecommit.api.FileSizes;
import dev.freeway.codecommit.api.IsBinaryFile;
import dev.freeway.codecommit.api.MergeHunk;
import dev.freeway.codecommit.api.MergeHunkDetail;
import dev.freeway.codecommit.api.MergeOperations;
import dev.freeway.codecommit.api.ObjectTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.merge.MergeChunk;
import org.eclipse.jgit.merge.MergeResult;
import org.jspecify.annotations.Nullable;

/// Conflicts as the API shows them.
final class MergeConflicts {
  private MergeConflicts() {}

  static ConflictMetadata metadata(Merge merge, Merge.Conflict c) throws IOException {
    TreeEdit.Entry source = c.source();
    TreeEdit.Entry destination = c.destination();
    boolean both = source != null && destination != null;
    boolean types = both && !type(source).equals(type(destination));
    boolean modes =
        source != null
            && destination != null
            && !types
            && !source.mode().equals(destination.mode().getBits());
    return ConflictMetadata.builder()
        .filePath(c.path())
        .fileSizes(
            new FileSizes(
                size(merge, c.source()), size(merge, c.destination()), size(merge, c.base())))
        .fileModes(
            new dev.freeway.codecommit.api.FileModes(
                mode(c.source()), mode(c.destination()), mode(c.base())))
        .objectTypes(new ObjectTypes(type(c.source()), type(c.destination()), type(c.base())))
        .numberOfConflicts(Math.max(1, hunks(c).size()))
        .isBinaryFile(
            new IsBinaryFile(
                binary(merge, c.source()), binary(merge, c.destination()), binary(merge, c.base())))
        .contentConflict(!types)
        .fileModeConflict(modes)
        .objectTypeConflict(types)
        .mergeOperations(
            new MergeOperations(
                operation(c.base(), c.source()), operation(c.base(), c.destination())))
        .build();
  }

  private static String operation(TreeEdit.@Nullable Entry before, TreeEdit.@Nullable Entry after) {
    return before == null ? "A" : after == null ? "D" : "M";
  }

  private static @Nullable Long size(Merge merge, TreeEdit.@Nullable Entry e) throws IOException {
    return e == null || !FileModes.isFile(e.mode()) ? null : (long) merge.bytes(e.id()).length;
  }

  private static @Nullable Boolean binary(Merge merge, TreeEdit.@Nullable Entry e)
      throws IOException {
    if (e == null || !FileModes.isFile(e.mode())) {
      return null;
    }
    byte[] bytes = merge.bytes(e.id());
    return RawText.isBinary(bytes, bytes.length, true);
  }

  private static @Nullable String mode(TreeEdit.@Nullable Entry e) {
    return e == null || !FileModes.isFile(e.mode()) ? null : FileModes.name(e.mode());
  }

  private static String type(TreeEdit.@Nullable Entry e) {
    if (e == null) {
      return "FILE";
    }
    return switch (e.mode().getBits() & FileMode.TYPE_MASK) {
      case FileMode.TYPE_TREE -> "DIRECTORY";
      case FileMode.TYPE_GITLINK -> "GIT_LINK";
      case FileMode.TYPE_SYMLINK -> "SYMBOLIC_LINK";
      default -> "FILE";
    };
  }

  /// The stretches of lines that both sides changed.
  static List<MergeHunk> hunks(Merge.Conflict c) {
    MergeResult<RawText> text = c.text();
    List<MergeHunk> all = new ArrayList<>();
    if (text == null) {
      return all;
    }
    MergeHunkDetail source = null;
    MergeHunkDetail base = null;
    for (MergeChunk chunk : text) {
      switch (chunk.getConflictState()) {
        case FIRST_CONFLICTING_RANGE -> source = detail(text, chunk);
        case BASE_CONFLICTING_RANGE -> base = detail(text, chunk);
        case NEXT_CONFLICTING_RANGE -> {
          all.add(new MergeHunk(true, source, detail(text, chunk), base));
          source = null;
          base = null;
        }
        case NO_CONFLICT -> {}
      }
    }
    return all;
  }

  // Lines count from 1.
  private static MergeHunkDetail detail(MergeResult<RawText> text, MergeChunk chunk) {
    RawText side = text.getSequences().get(chunk.getSequenceIndex());
    String lines = side.getString(chunk.getBegin(), chunk.getEnd(), false);
    return new MergeHunkDetail(
        chunk.getBegin() + 1,
        chunk.getEnd(),
        Base64.getEncoder().encodeToString(lines.getBytes(StandardCharsets.UTF_8)));
  }
}
