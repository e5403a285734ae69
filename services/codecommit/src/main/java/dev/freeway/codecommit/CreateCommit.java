package dev.freeway.codecommit;

import dev.freeway.codecommit.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.revwalk.RevCommit;
import org.jspecify.annotations.Nullable;

/// Commits made by API: several files at once, or one put or deleted.
final class CreateCommit {
  private static final int LARGEST = 6 << 20;
  private static final int MOST = 100;

  private final Store store;
  private final Repositories repositories;
  private final GitFolders folders;
  private final RefEvents events;

  CreateCommit(Store store, Repositories repositories, GitFolders folders, RefEvents events) {
    this.store = store;
    this.repositories = repositories;
    this.folders = folders;
    this.events = events;
  }

  CreateCommitOutput handle(Call call, CreateCommitInput in) {
    List<PutFileEntry> puts = in.putFiles() == null ? List.of() : in.putFiles();
    List<DeleteFileEntry> deletes = in.deleteFiles() == null ? List.of() : in.deleteFiles();
    List<SetFileModeEntry> modes = in.setFileModes() == null ? List.of() : in.setFileModes();
    int count = puts.size() + deletes.size() + modes.size();
    if (count == 0) {
      throw CodecommitErrors.fileEntryRequiredException(
          "At least one file has to be put, deleted or changed.");
    }
    if (count > MOST) {
      throw CodecommitErrors.maximumFileEntriesExceededException(
          "The maximum number of file entries is " + MOST + ".");
    }
    boolean keep = Boolean.TRUE.equals(in.keepEmptyFolders());
    CommitWriter writer = new CommitWriter(call, in.authorName(), in.email(), in.commitMessage());
    try (Git git = Git.open(store, repositories, folders, call, in.repositoryName())) {
      List<FileMetadata> added = new ArrayList<>();
      List<FileMetadata> updated = new ArrayList<>();
      List<FileMetadata> deleted = new ArrayList<>();
      Made made =
          commit(
              git,
              writer,
              in.branchName(),
              in.parentCommitId(),
              (tree, inserter) -> {
                TreeEdit before = TreeEdit.of(git.git(), parentTree(git, in.branchName()));
                checkOnce(puts, deletes, modes);
                for (PutFileEntry p : puts) {
                  put(tree, before, inserter, p, added, updated, deleted);
                }
                for (DeleteFileEntry d : deletes) {
                  String path = FilePath.file(d.filePath());
                  TreeEdit.Entry was = require(tree, path);
                  tree.remove(path, keep, inserter);
                  deleted.add(view(path, was));
                }
                for (SetFileModeEntry m : modes) {
                  String path = FilePath.file(m.filePath());
                  var changed =
                      new TreeEdit.Entry(FileModes.of(m.fileMode()), require(tree, path).id());
                  tree.put(path, changed);
                  updated.add(view(path, changed));
                }
              });
      return new CreateCommitOutput(made.commit.name(), made.tree.name(), added, updated, deleted);
    }
  }

  private static void put(
      TreeEdit tree,
      TreeEdit before,
      ObjectInserter inserter,
      PutFileEntry p,
      List<FileMetadata> added,
      List<FileMetadata> updated,
      List<FileMetadata> deleted)
      throws IOException {
    String path = FilePath.file(p.filePath());
    if (p.fileContent() != null && p.sourceFile() != null) {
      throw CodecommitErrors.fileContentAndSourceFileSpecifiedException(
          "Either file content or a source file can be given, not both.");
    }
    ObjectId id;
    FileMode mode = FileModes.of(p.fileMode());
    if (p.sourceFile() != null) {
      String source = FilePath.file(p.sourceFile().filePath());
      TreeEdit.Entry from = require(before, source);
      id = from.id();
      mode = p.fileMode() == null ? from.mode() : mode;
      if (Boolean.TRUE.equals(p.sourceFile().isMove())) {
        tree.remove(source, false, inserter);
        deleted.add(view(source, from));
      }
    } else if (p.fileContent() != null) {
      checkSize(p.fileContent());
      id = inserter.insert(Constants.OBJ_BLOB, p.fileContent());
    } else {
      throw CodecommitErrors.sourceFileOrContentRequiredException(
          "File content or a source file is required for " + path);
    }
    boolean there = before.find(path).isPresent();
    TreeEdit.Entry entry = new TreeEdit.Entry(mode, id);
    tree.put(path, entry);
    (there ? updated : added).add(view(path, entry));
  }

  // A moved file is deleted where it was.
  private static void checkOnce(
      List<PutFileEntry> puts, List<DeleteFileEntry> deletes, List<SetFileModeEntry> modes) {
    Stream<String> moved =
        puts.stream()
            .map(PutFileEntry::sourceFile)
            .filter(s -> s != null && Boolean.TRUE.equals(s.isMove()))
            .map(SourceFileSpecifier::filePath);
    Stream<String> made = puts.stream().map(PutFileEntry::filePath);
    Stream<String> deleted = deletes.stream().map(DeleteFileEntry::filePath);
    checkOnce(Stream.concat(made, Stream.concat(deleted, moved)));
    checkOnce(modes.stream().map(SetFileModeEntry::filePath));
  }

  private static void checkOnce(Stream<String> paths) {
    Set<String> seen = new HashSet<>();
    paths
        .map(FilePath::file)
        .filter(path -> !seen.add(path))
        .findFirst()
        .ifPresent(
            path -> {
              throw CodecommitErrors.samePathRequestException(
                  "The file path " + path + " is used more than once in the commit.");
            });
  }

  private static void checkSize(byte[] content) {
    if (content.length > LARGEST) {
      throw CodecommitErrors.fileContentSizeLimitExceededException(
          "The maximum size of a file's content is 6 MB.");
    }
  }

  private static TreeEdit.Entry require(TreeEdit tree, String path) {
    return tree.find(path)
        .orElseThrow(
            () ->
                CodecommitErrors.fileDoesNotExistException(
                    "The specified file does not exist: " + path));
  }

  private static FileMetadata view(String path, TreeEdit.Entry e) {
    return new FileMetadata(path, e.id().name(), FileModes.name(e.mode()));
  }

  PutFileOutput put(Call call, PutFileInput in) {
    String path = FilePath.file(in.filePath());
    checkSize(in.fileContent());
    CommitWriter writer = new CommitWriter(call, in.name(), in.email(), in.commitMessage());
    ObjectId[] blob = new ObjectId[1];
    try (Git git = Git.open(store, repositories, folders, call, in.repositoryName())) {
      Made made =
          commit(
              git,
              writer,
              in.branchName(),
              in.parentCommitId(),
              (tree, inserter) -> {
                blob[0] = inserter.insert(Constants.OBJ_BLOB, in.fileContent());
                Optional<TreeEdit.Entry> was = tree.find(path);
                FileMode mode =
                    in.fileMode() == null && was.isPresent()
                        ? was.get().mode()
                        : FileModes.of(in.fileMode());
                var entry = new TreeEdit.Entry(mode, blob[0]);
                if (was.filter(w -> w.id().equals(entry.id()) && w.mode().equals(mode.getBits()))
                    .isPresent()) {
                  throw CodecommitErrors.sameFileContentException(
                      "The content of the file is exactly that of the current version.");
                }
                tree.put(path, entry);
              });
      return new PutFileOutput(made.commit.name(), blob[0].name(), made.tree.name());
    }
  }

  DeleteFileOutput delete(Call call, DeleteFileInput in) {
    String path = FilePath.file(in.filePath());
    CommitWriter writer = new CommitWriter(call, in.name(), in.email(), in.commitMessage());
    TreeEdit.Entry[] gone = new TreeEdit.Entry[1];
    try (Git git = Git.open(store, repositories, folders, call, in.repositoryName())) {
      Made made =
          commit(
              git,
              writer,
              in.branchName(),
              in.parentCommitId(),
              (tree, inserter) -> {
                gone[0] = require(tree, path);
                tree.remove(path, Boolean.TRUE.equals(in.keepEmptyFolders()), inserter);
              });
      return new DeleteFileOutput(made.commit.name(), gone[0].id().name(), made.tree.name(), path);
    }
  }

  private interface Change {
    void apply(TreeEdit tree, ObjectInserter inserter) throws IOException;
  }

  private record Made(ObjectId commit, ObjectId tree) {}

  private Made commit(
      Git git, CommitWriter writer, String branch, @Nullable String parentId, Change change) {
    RevCommit parent = parent(git, branch, parentId);
    return events.around(
        git.repository(),
        writer.call().principal().arn(),
        () ->
            Git.io(
                () -> {
                  try (ObjectInserter inserter = git.git().newObjectInserter()) {
                    ObjectId old = parent == null ? null : parent.getTree();
                    TreeEdit tree = TreeEdit.of(git.git(), old);
                    change.apply(tree, inserter);
                    ObjectId made = tree.write(inserter);
                    if (made.equals(old)) {
                      throw CodecommitErrors.noChangeException("The commit would change nothing.");
                    }
                    ObjectId id =
                        writer.write(
                            inserter, made, parent == null ? List.of() : List.of(parent), "");
                    References.update(git.git(), branch, id, parent);
                    return new Made(id, made);
                  }
                }));
  }

  private static @Nullable ObjectId parentTree(Git git, String branch) {
    return git.branch(branch).flatMap(git::commit).map(RevCommit::getTree).orElse(null);
  }

  private static @Nullable RevCommit parent(Git git, String branch, @Nullable String parentId) {
    Optional<ObjectId> tip = git.branch(branch);
    if (tip.isEmpty()) {
      boolean empty =
          RefEvents.references(git.git()).keySet().stream()
              .noneMatch(n -> n.startsWith(Constants.R_HEADS));
      if (!empty) {
        throw CodecommitErrors.branchDoesNotExistException("Branch " + branch + " does not exist");
      }
      return null;
    }
    if (parentId == null) {
      throw CodecommitErrors.parentCommitIdRequiredException(
          "A parent commit ID is required: the branch has commits.");
    }
    if (!ObjectId.isId(parentId)) {
      throw CodecommitErrors.invalidParentCommitIdException(
          "The specified parent commit ID is not valid.");
    }
    Optional<RevCommit> parent = git.commit(ObjectId.fromString(parentId));
    if (parent.isEmpty()) {
      throw CodecommitErrors.parentCommitDoesNotExistException(
          "The specified parent commit does not exist.");
    }
    if (!parent.get().equals(tip.get())) {
      throw outdated(branch);
    }
    return parent.get();
  }

  private static AwsException outdated(String branch) {
    return CodecommitErrors.parentCommitIdOutdatedException(
        "The parent commit ID is not the tip of the branch "
            + branch
            + ". Use its current tip and try again.");
  }
}
