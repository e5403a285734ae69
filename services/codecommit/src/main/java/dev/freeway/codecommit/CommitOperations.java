package dev.freeway.codecommit;

import dev.freeway.codecommit.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.List;

/// Commits seen.
final class CommitOperations {
  private static final int MOST = 100;

  private final Store store;
  private final Repositories repositories;
  private final GitFolders folders;

  CommitOperations(Store store, Repositories repositories, GitFolders folders) {
    this.store = store;
    this.repositories = repositories;
    this.folders = folders;
  }

  GetCommitOutput get(Call call, GetCommitInput in) {
    try (Git git = Git.open(store, repositories, folders, call, in.repositoryName())) {
      return new GetCommitOutput(CommitViews.of(git.requireCommit(in.commitId())));
    }
  }

  BatchGetCommitsOutput batchGet(Call call, BatchGetCommitsInput in) {
    if (in.commitIds().size() > MOST) {
      throw CodecommitErrors.commitIdsLimitExceededException(
          "The maximum number of commit IDs is " + MOST + ".");
    }
    List<Commit> commits = new ArrayList<>();
    List<BatchGetCommitsError> errors = new ArrayList<>();
    try (Git git = Git.open(store, repositories, folders, call, in.repositoryName())) {
      for (String id : in.commitIds()) {
        try {
          commits.add(CommitViews.of(git.requireCommit(id)));
        } catch (AwsException e) {
          errors.add(new BatchGetCommitsError(id, e.code(), e.message()));
        }
      }
    }
    return new BatchGetCommitsOutput(commits, errors);
  }
}
