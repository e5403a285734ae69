package dev.freeway.codecommit;

import dev.freeway.codecommit.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.jspecify.annotations.Nullable;

/// Merges of branches, and what would stand in their way.
final class MergeBranches {
  private static final int PAGE = 1000;

  private final Store store;
  private final Repositories repositories;
  private final GitFolders folders;
  private final RefEvents events;

  MergeBranches(Store store, Repositories repositories, GitFolders folders, RefEvents events) {
    this.store = store;
    this.repositories = repositories;
    this.folders = folders;
    this.events = events;
  }

  private Git open(Call call, String repository) {
    return Git.open(store, repositories, folders, call, repository);
  }

  MergeBranchesByFastForwardOutput fastForward(Call call, MergeBranchesByFastForwardInput in) {
    var operation = new MergeOperation(MergeOperation.FAST_FORWARD, null, null, null, false);
    var made =
        merge(
            call,
            in.repositoryName(),
            in.sourceCommitSpecifier(),
            in.destinationCommitSpecifier(),
            in.targetBranch(),
            operation,
            new CommitWriter(call, null, null, null));
    return new MergeBranchesByFastForwardOutput(made.commit().name(), made.tree().name());
  }

  MergeBranchesBySquashOutput squash(Call call, MergeBranchesBySquashInput in) {
    var operation =
        new MergeOperation(
            MergeOperation.SQUASH,
            in.conflictDetailLevel(),
            in.conflictResolutionStrategy(),
            in.conflictResolution(),
            Boolean.TRUE.equals(in.keepEmptyFolders()));
    var made =
        merge(
            call,
            in.repositoryName(),
            in.sourceCommitSpecifier(),
            in.destinationCommitSpecifier(),
            in.targetBranch(),
            operation,
            new CommitWriter(call, in.authorName(), in.email(), in.commitMessage()));
    return new MergeBranchesBySquashOutput(made.commit().name(), made.tree().name());
  }

  MergeBranchesByThreeWayOutput threeWay(Call call, MergeBranchesByThreeWayInput in) {
    var operation =
        new MergeOperation(
            MergeOperation.THREE_WAY,
            in.conflictDetailLevel(),
            in.conflictResolutionStrategy(),
            in.conflictResolution(),
            Boolean.TRUE.equals(in.keepEmptyFolders()));
    var made =
        merge(
            call,
            in.repositoryName(),
            in.sourceCommitSpecifier(),
            in.destinationCommitSpecifier(),
            in.targetBranch(),
            operation,
            new CommitWriter(call, in.authorName(), in.email(), in.commitMessage()));
    return new MergeBranchesByThreeWayOutput(made.commit().name(), made.tree().name());
  }

  private MergeOperation.Made merge(
      Call call,
      String repository,
      String source,
      String destination,
      @Nullable String target,
      MergeOperation operation,
      CommitWriter writer) {
    try (Git git = open(call, repository)) {
      RevCommit from = git.require(source);
      RevCommit into = git.require(destination);
      String branch = target == null ? destination : target;
      ObjectId tip = git.requireBranch(branch);
      return events.around(
          git.repository(),
          call.principal().arn(),
          () ->
              Git.io(
                  () -> {
                    var made = operation.make(git, from, into, writer);
                    References.update(git.git(), branch, made.commit(), tip);
                    return made;
                  }));
    }
  }

  CreateUnreferencedMergeCommitOutput unreferenced(
      Call call, CreateUnreferencedMergeCommitInput in) {
    var operation =
        new MergeOperation(
            in.mergeOption(),
            in.conflictDetailLevel(),
            in.conflictResolutionStrategy(),
            in.conflictResolution(),
            Boolean.TRUE.equals(in.keepEmptyFolders()));
    try (Git git = open(call, in.repositoryName())) {
      RevCommit from = git.require(in.sourceCommitSpecifier());
      RevCommit into = git.require(in.destinationCommitSpecifier());
      var writer = new CommitWriter(call, in.authorName(), in.email(), in.commitMessage());
      var made = Git.io(() -> operation.make(git, from, into, writer));
      return new CreateUnreferencedMergeCommitOutput(made.commit().name(), made.tree().name());
    }
  }

  GetMergeCommitOutput commit(Call call, GetMergeCommitInput in) {
    try (Git git = open(call, in.repositoryName())) {
      RevCommit from = git.require(in.sourceCommitSpecifier());
      RevCommit into = git.require(in.destinationCommitSpecifier());
      RevCommit base = Merge.baseOf(git, from, into);
      return new GetMergeCommitOutput(
          from.name(), into.name(), base == null ? null : base.name(), null);
    }
  }

  GetMergeOptionsOutput options(Call call, GetMergeOptionsInput in) {
    try (Git git = open(call, in.repositoryName())) {
      RevCommit from = git.require(in.sourceCommitSpecifier());
      RevCommit into = git.require(in.destinationCommitSpecifier());
      Merge merge = run(git, from, into, in.conflictDetailLevel(), in.conflictResolutionStrategy());
      List<String> options = new ArrayList<>();
      if (merge.isFastForward()) {
        options.add(MergeOperation.FAST_FORWARD);
      }
      if (merge.conflicts().isEmpty()) {
        options.add(MergeOperation.SQUASH);
        options.add(MergeOperation.THREE_WAY);
      }
      return new GetMergeOptionsOutput(options, from.name(), into.name(), name(merge.base()));
    }
  }

  GetMergeConflictsOutput conflicts(Call call, GetMergeConflictsInput in) {
    try (Git git = open(call, in.repositoryName())) {
      RevCommit from = git.require(in.sourceCommitSpecifier());
      RevCommit into = git.require(in.destinationCommitSpecifier());
      Merge merge = run(git, from, into, in.conflictDetailLevel(), in.conflictResolutionStrategy());
      boolean fast = in.mergeOption().equals(MergeOperation.FAST_FORWARD);
      List<ConflictMetadata> all = new ArrayList<>();
      for (Merge.Conflict c : merge.conflicts()) {
        all.add(Git.io(() -> MergeConflicts.metadata(merge, c)));
      }
      var page =
          Page.of(
              all,
              ConflictMetadata::filePath,
              in.nextToken(),
              in.maxConflictFiles(),
              PAGE,
              CodecommitErrors.invalidContinuationTokenException(
                  "The specified continuation token is not valid."));
      return new GetMergeConflictsOutput(
          fast ? merge.isFastForward() : all.isEmpty(),
          into.name(),
          from.name(),
          name(merge.base()),
          fast ? List.of() : page.items(),
          page.nextToken());
    }
  }

  DescribeMergeConflictsOutput describe(Call call, DescribeMergeConflictsInput in) {
    try (Git git = open(call, in.repositoryName())) {
      RevCommit from = git.require(in.sourceCommitSpecifier());
      RevCommit into = git.require(in.destinationCommitSpecifier());
      Merge merge = run(git, from, into, in.conflictDetailLevel(), in.conflictResolutionStrategy());
      Merge.Conflict conflict =
          merge.conflicts().stream()
              .filter(c -> c.path().equals(FilePath.file(in.filePath())))
              .findFirst()
              .orElseThrow(
                  () ->
                      CodecommitErrors.fileDoesNotExistException(
                          "The specified file is not in conflict: " + in.filePath()));
      return DescribeMergeConflictsOutput.builder()
          .conflictMetadata(Git.io(() -> MergeConflicts.metadata(merge, conflict)))
          .mergeHunks(MergeConflicts.hunks(conflict))
          .sourceCommitId(from.name())
          .destinationCommitId(into.name())
          .baseCommitId(name(merge.base()))
          .build();
    }
  }

  /// Files that are not in conflict are told of as errors, one by one.
  BatchDescribeMergeConflictsOutput describeAll(Call call, BatchDescribeMergeConflictsInput in) {
    try (Git git = open(call, in.repositoryName())) {
      RevCommit from = git.require(in.sourceCommitSpecifier());
      RevCommit into = git.require(in.destinationCommitSpecifier());
      Merge merge = run(git, from, into, in.conflictDetailLevel(), in.conflictResolutionStrategy());
      List<String> wanted =
          in.filePaths() == null ? List.of() : in.filePaths().stream().map(FilePath::file).toList();
      List<Conflict> found = new ArrayList<>();
      for (Merge.Conflict c : merge.conflicts()) {
        if (wanted.isEmpty() || wanted.contains(c.path())) {
          List<MergeHunk> hunks = MergeConflicts.hunks(c);
          int most = in.maxMergeHunks() == null ? hunks.size() : in.maxMergeHunks();
          found.add(
              new Conflict(
                  Git.io(() -> MergeConflicts.metadata(merge, c)),
                  hunks.subList(0, Math.min(most, hunks.size()))));
        }
      }
      List<String> paths = found.stream().map(c -> c.conflictMetadata().filePath()).toList();
      List<BatchDescribeMergeConflictsError> errors =
          wanted.stream()
              .filter(p -> !paths.contains(p))
              .map(
                  p ->
                      new BatchDescribeMergeConflictsError(
                          p,
                          "FileDoesNotExistException",
                          "The specified file is not in conflict: " + p))
              .toList();
      var page =
          Page.of(
              found,
              c -> c.conflictMetadata().filePath(),
              in.nextToken(),
              in.maxConflictFiles(),
              PAGE,
              CodecommitErrors.invalidContinuationTokenException(
                  "The specified continuation token is not valid."));
      return BatchDescribeMergeConflictsOutput.builder()
          .conflicts(page.items())
          .errors(errors)
          .nextToken(page.nextToken())
          .sourceCommitId(from.name())
          .destinationCommitId(into.name())
          .baseCommitId(name(merge.base()))
          .build();
    }
  }

  private static Merge run(
      Git git, RevCommit from, RevCommit into, @Nullable String level, @Nullable String strategy) {
    return Git.io(
        () -> {
          Merge merge = new Merge(git.git(), from, into, level, strategy);
          try (var inserter = git.git().newObjectInserter()) {
            merge.run(inserter);
          }
          return merge;
        });
  }

  private static @Nullable String name(@Nullable RevCommit commit) {
    return commit == null ? null : commit.name();
  }
}
