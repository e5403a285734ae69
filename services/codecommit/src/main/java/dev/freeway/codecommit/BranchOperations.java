package dev.freeway.codecommit;

import dev.freeway.codecommit.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/// Branches seen, made and deleted, and which is the default.
final class BranchOperations {
  private static final int PAGE = 1000;

  private final Store store;
  private final Repositories repositories;
  private final GitFolders folders;
  private final RefEvents events;

  BranchOperations(Store store, Repositories repositories, GitFolders folders, RefEvents events) {
    this.store = store;
    this.repositories = repositories;
    this.folders = folders;
    this.events = events;
  }

  private Git open(Call call, String repository) {
    return Git.open(store, repositories, folders, call, repository);
  }

  GetBranchOutput get(Call call, GetBranchInput in) {
    if (in.repositoryName() == null) {
      throw CodecommitErrors.repositoryNameRequiredException("A repository name is required.");
    }
    if (in.branchName() == null) {
      throw CodecommitErrors.branchNameRequiredException("A branch name is required.");
    }
    try (Git git = open(call, in.repositoryName())) {
      ObjectId id = git.requireBranch(in.branchName());
      return new GetBranchOutput(new BranchInfo(in.branchName(), id.name()));
    }
  }

  ListBranchesOutput list(Call call, ListBranchesInput in) {
    try (Git git = open(call, in.repositoryName())) {
      List<String> names =
          RefEvents.references(git.git()).keySet().stream()
              .filter(n -> n.startsWith(Constants.R_HEADS))
              .map(n -> n.substring(Constants.R_HEADS.length()))
              .toList();
      var page =
          Page.of(
              names,
              n -> n,
              in.nextToken(),
              null,
              PAGE,
              CodecommitErrors.invalidContinuationTokenException(
                  "The specified continuation token is not valid."));
      return new ListBranchesOutput(page.items(), page.nextToken());
    }
  }

  Structure.Empty create(Call call, CreateBranchInput in) {
    if (!org.eclipse.jgit.lib.Repository.isValidRefName(Constants.R_HEADS + in.branchName())) {
      throw CodecommitErrors.invalidBranchNameException(
          "The specified branch name is not valid: " + in.branchName());
    }
    try (Git git = open(call, in.repositoryName())) {
      ObjectId commit = git.requireCommit(in.commitId());
      if (git.branch(in.branchName()).isPresent()) {
        throw CodecommitErrors.branchNameExistsException(
            "Branch named " + in.branchName() + " already exists");
      }
      return events.around(
          git.repository(),
          call.principal().arn(),
          () -> {
            References.update(git.git(), in.branchName(), commit, null);
            return new Structure.Empty();
          });
    }
  }

  DeleteBranchOutput delete(Call call, DeleteBranchInput in) {
    try (Git git = open(call, in.repositoryName())) {
      if (in.branchName().equals(git.repository().defaultBranch())) {
        throw CodecommitErrors.defaultBranchCannotBeDeletedException(
            "The default branch " + in.branchName() + " cannot be deleted.");
      }
      Optional<ObjectId> id = git.branch(in.branchName());
      if (id.isEmpty()) {
        return new DeleteBranchOutput(null);
      }
      return events.around(
          git.repository(),
          call.principal().arn(),
          () -> {
            References.delete(git.git(), in.branchName(), id.get());
            return new DeleteBranchOutput(new BranchInfo(in.branchName(), id.get().name()));
          });
    }
  }

  Structure.Empty makeDefault(Call call, UpdateDefaultBranchInput in) {
    try (Git git = open(call, in.repositoryName())) {
      git.requireBranch(in.defaultBranchName());
      store.update(
          tx -> {
            Repository r = repositories.require(tx, call, in.repositoryName());
            repositories.save(tx, r.withDefaultBranch(in.defaultBranchName(), call.at()));
          });
      folders.head(git.git(), in.defaultBranchName());
      return new Structure.Empty();
    }
  }
}
