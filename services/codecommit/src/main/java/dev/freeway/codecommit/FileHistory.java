package dev.freeway.codecommit;

import dev.freeway.codecommit.api.CodecommitErrors;
import dev.freeway.codecommit.api.FileVersion;
import dev.freeway.codecommit.api.ListFileCommitHistoryRequest;
import dev.freeway.codecommit.api.ListFileCommitHistoryResponse;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Page;
import dev.freeway.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.AndTreeFilter;
import org.eclipse.jgit.treewalk.filter.PathFilter;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/// The commits that changed a file, newest first, each with those that followed it.
final class FileHistory
    implements Handler<ListFileCommitHistoryRequest, ListFileCommitHistoryResponse> {
  private static final int PAGE = 50;

  private final Store store;
  private final Repositories repositories;
  private final GitFolders folders;

  FileHistory(Store store, Repositories repositories, GitFolders folders) {
    this.store = store;
    this.repositories = repositories;
    this.folders = folders;
  }

  @Override
  public ListFileCommitHistoryResponse handle(Call call, ListFileCommitHistoryRequest in) {
    String path = FilePath.file(in.filePath());
    try (Git git = Git.open(store, repositories, folders, call, in.repositoryName())) {
      RevCommit from = git.require(in.commitSpecifier());
      List<FileVersion> all = Git.io(() -> versions(git, from, path));
      Map<String, Integer> position = new HashMap<>();
      all.forEach(v -> position.put(v.commit().commitId(), position.size()));
      var page =
          Page.of(
              all,
              v -> "%09d".formatted(position.get(v.commit().commitId())),
              in.nextToken(),
              in.maxResults(),
              PAGE,
              CodecommitErrors.invalidContinuationTokenException(
                  "The specified continuation token is not valid."));
      return new ListFileCommitHistoryResponse(page.items(), page.nextToken());
    }
  }

  private static List<FileVersion> versions(Git git, RevCommit from, String path)
      throws IOException {
    Map<String, List<String>> children = new HashMap<>();
    List<FileVersion> all = new ArrayList<>();
    try (RevWalk walk = new RevWalk(git.git());
        RevWalk plain = new RevWalk(git.git())) {
      walk.markStart(walk.parseCommit(from));
      walk.sort(RevSort.TOPO);
      // With a path, parents are the nearest ancestors that changed it.
      walk.setTreeFilter(AndTreeFilter.create(PathFilter.create(path), TreeFilter.ANY_DIFF));
      for (RevCommit c : walk) {
        for (RevCommit parent : c.getParents()) {
          children.computeIfAbsent(parent.name(), p -> new ArrayList<>()).add(c.name());
        }
        RevCommit whole = plain.parseCommit(c);
        all.add(
            new FileVersion(
                CommitViews.of(whole),
                blob(git, whole, path),
                path,
                List.copyOf(children.getOrDefault(c.name(), List.of()))));
      }
    }
    return all;
  }

  private static @org.jspecify.annotations.Nullable String blob(
      Git git, RevCommit commit, String path) throws IOException {
    try (TreeWalk at = TreeWalk.forPath(git.git(), path, commit.getTree())) {
      return at == null ? null : ObjectId.toString(at.getObjectId(0));
    }
  }
}
