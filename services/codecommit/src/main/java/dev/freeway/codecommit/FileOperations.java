package dev.freeway.codecommit;

import dev.freeway.codecommit.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathFilter;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.jspecify.annotations.Nullable;

/// Files, folders and blobs of a commit, and what differs between two.
final class FileOperations {
  private static final long LARGEST = 6 << 20;
  private static final int PAGE = 1000;

  private final Store store;
  private final Repositories repositories;
  private final GitFolders folders;

  FileOperations(Store store, Repositories repositories, GitFolders folders) {
    this.store = store;
    this.repositories = repositories;
    this.folders = folders;
  }

  private Git open(Call call, String repository) {
    return Git.open(store, repositories, folders, call, repository);
  }

  GetFileOutput file(Call call, GetFileInput in) {
    try (Git git = open(call, in.repositoryName())) {
      RevCommit commit = git.require(in.commitSpecifier());
      String path = FilePath.file(in.filePath());
      return Git.io(
          () -> {
            try (TreeWalk walk = TreeWalk.forPath(git.git(), path, commit.getTree())) {
              if (walk == null || !FileModes.isFile(walk.getFileMode())) {
                throw CodecommitErrors.fileDoesNotExistException(
                    "The specified file does not exist: " + in.filePath());
              }
              ObjectLoader blob = git.git().open(walk.getObjectId(0));
              if (blob.getSize() > LARGEST) {
                throw CodecommitErrors.fileTooLargeException(
                    "The file is larger than 6 MB, and cannot be shown.");
              }
              return GetFileOutput.builder()
                  .commitId(commit.name())
                  .blobId(walk.getObjectId(0).name())
                  .filePath(path)
                  .fileMode(FileModes.name(walk.getFileMode()))
                  .fileSize(blob.getSize())
                  .fileContent(blob.getBytes())
                  .build();
            }
          });
    }
  }

  GetBlobOutput blob(Call call, GetBlobInput in) {
    try (Git git = open(call, in.repositoryName())) {
      if (!ObjectId.isId(in.blobId())) {
        throw CodecommitErrors.invalidBlobIdException("The specified blob ID is not valid.");
      }
      return Git.io(
          () -> {
            try {
              ObjectLoader blob =
                  git.git()
                      .open(
                          ObjectId.fromString(in.blobId()),
                          org.eclipse.jgit.lib.Constants.OBJ_BLOB);
              if (blob.getSize() > LARGEST) {
                throw CodecommitErrors.fileTooLargeException(
                    "The file is larger than 6 MB, and cannot be shown.");
              }
              return new GetBlobOutput(blob.getBytes());
            } catch (MissingObjectException
                | org.eclipse.jgit.errors.IncorrectObjectTypeException e) {
              throw CodecommitErrors.blobIdDoesNotExistException(
                  "The specified blob ID does not exist: " + in.blobId());
            }
          });
    }
  }

  GetFolderOutput folder(Call call, GetFolderInput in) {
    try (Git git = open(call, in.repositoryName())) {
      RevCommit commit = git.require(in.commitSpecifier());
      String path = FilePath.folder(in.folderPath());
      return Git.io(() -> folder(git, commit, path));
    }
  }

  private static GetFolderOutput folder(Git git, RevCommit commit, String path) throws IOException {
    ObjectId tree = commit.getTree();
    if (!path.isEmpty()) {
      try (TreeWalk at = TreeWalk.forPath(git.git(), path, commit.getTree())) {
        if (at == null || !at.getFileMode().equals(FileMode.TYPE_TREE)) {
          throw CodecommitErrors.folderDoesNotExistException(
              "The specified folder does not exist: " + path);
        }
        tree = at.getObjectId(0);
      }
    }
    List<Folder> subFolders = new ArrayList<>();
    List<File> files = new ArrayList<>();
    List<SymbolicLink> links = new ArrayList<>();
    List<SubModule> modules = new ArrayList<>();
    try (TreeWalk walk = new TreeWalk(git.git())) {
      walk.addTree(tree);
      while (walk.next()) {
        String name = walk.getNameString();
        String whole = path.isEmpty() ? name : path + "/" + name;
        String id = walk.getObjectId(0).name();
        FileMode mode = walk.getFileMode();
        if (mode.equals(FileMode.TYPE_TREE)) {
          subFolders.add(new Folder(id, whole, name));
        } else if (mode.equals(FileMode.TYPE_GITLINK)) {
          modules.add(new SubModule(id, whole, name));
        } else if (mode.equals(FileMode.TYPE_SYMLINK)) {
          links.add(new SymbolicLink(id, whole, name, "SYMLINK"));
        } else {
          files.add(new File(id, whole, name, FileModes.name(mode)));
        }
      }
    }
    return new GetFolderOutput(commit.name(), path, tree.name(), subFolders, files, links, modules);
  }

  GetDifferencesOutput differences(Call call, GetDifferencesInput in) {
    try (Git git = open(call, in.repositoryName())) {
      RevCommit after = git.require(in.afterCommitSpecifier());
      RevCommit before =
          in.beforeCommitSpecifier() == null ? null : git.require(in.beforeCommitSpecifier());
      List<Difference> all =
          Git.io(
              () ->
                  differences(
                      git,
                      before == null ? null : before.getTree(),
                      after.getTree(),
                      in.beforePath(),
                      in.afterPath()));
      var page =
          Page.of(
              all,
              d -> d.afterBlob() != null ? d.afterBlob().path() : d.beforeBlob().path(),
              in.nextToken(),
              in.maxResults(),
              PAGE,
              CodecommitErrors.invalidContinuationTokenException(
                  "The specified continuation token is not valid."));
      return new GetDifferencesOutput(page.items(), page.nextToken());
    }
  }

  static List<Difference> differences(
      Git git,
      @Nullable RevTree before,
      RevTree after,
      @Nullable String beforePath,
      @Nullable String afterPath)
      throws IOException {
    List<Difference> all = new ArrayList<>();
    try (TreeWalk walk = new TreeWalk(git.git())) {
      if (before == null) {
        walk.addTree(new org.eclipse.jgit.treewalk.EmptyTreeIterator());
      } else {
        walk.addTree(before);
      }
      walk.addTree(after);
      walk.setRecursive(true);
      String path = afterPath != null ? afterPath : beforePath;
      TreeFilter filter =
          path == null || FilePath.folder(path).isEmpty()
              ? TreeFilter.ANY_DIFF
              : org.eclipse.jgit.treewalk.filter.AndTreeFilter.create(
                  PathFilter.create(FilePath.folder(path)), TreeFilter.ANY_DIFF);
      walk.setFilter(filter);
      while (walk.next()) {
        BlobMetadata old = side(walk, 0);
        BlobMetadata now = side(walk, 1);
        all.add(new Difference(old, now, old == null ? "A" : now == null ? "D" : "M"));
      }
    }
    return all;
  }

  private static @Nullable BlobMetadata side(TreeWalk walk, int tree) {
    FileMode mode = walk.getFileMode(tree);
    return mode.equals(FileMode.TYPE_MISSING)
        ? null
        : new BlobMetadata(
            walk.getObjectId(tree).name(), walk.getPathString(), FileModes.octal(mode));
  }
}
