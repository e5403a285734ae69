package dev.freeway.codecommit;

import dev.freeway.codecommit.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.jspecify.annotations.Nullable;

/// Pull requests merged.
///
/// The merge is written down as begun, the branch moves, and [FollowBranches] closes the pull
/// request where it finds the merge's commit in the branch: also after a crash in between.
final class MergePulls {
  private final Platform platform;
  private final Store store;
  private final Repositories repositories;
  private final GitFolders folders;
  private final RefEvents references;
  private final Pulls pulls;

  MergePulls(
      Platform platform,
      Repositories repositories,
      GitFolders folders,
      RefEvents references,
      Pulls pulls) {
    this.platform = platform;
    this.store = platform.store();
    this.repositories = repositories;
    this.folders = folders;
    this.references = references;
    this.pulls = pulls;
  }

  MergePullRequestByFastForwardOutput fastForward(
      Call call, MergePullRequestByFastForwardInput in) {
    var operation = new MergeOperation(MergeOperation.FAST_FORWARD, null, null, null, false);
    var wanted = new Wanted(in.pullRequestId(), in.repositoryName(), in.sourceCommitId());
    return new MergePullRequestByFastForwardOutput(
        merge(call, wanted, operation, new CommitWriter(call, null, null, null)));
  }

  MergePullRequestBySquashOutput squash(Call call, MergePullRequestBySquashInput in) {
    var operation =
        new MergeOperation(
            MergeOperation.SQUASH,
            in.conflictDetailLevel(),
            in.conflictResolutionStrategy(),
            in.conflictResolution(),
            Boolean.TRUE.equals(in.keepEmptyFolders()));
    var wanted = new Wanted(in.pullRequestId(), in.repositoryName(), in.sourceCommitId());
    var writer = new CommitWriter(call, in.authorName(), in.email(), in.commitMessage());
    return new MergePullRequestBySquashOutput(merge(call, wanted, operation, writer));
  }

  MergePullRequestByThreeWayOutput threeWay(Call call, MergePullRequestByThreeWayInput in) {
    var operation =
        new MergeOperation(
            MergeOperation.THREE_WAY,
            in.conflictDetailLevel(),
            in.conflictResolutionStrategy(),
            in.conflictResolution(),
            Boolean.TRUE.equals(in.keepEmptyFolders()));
    var wanted = new Wanted(in.pullRequestId(), in.repositoryName(), in.sourceCommitId());
    var writer = new CommitWriter(call, in.authorName(), in.email(), in.commitMessage());
    return new MergePullRequestByThreeWayOutput(merge(call, wanted, operation, writer));
  }

  /// @param commit the source's tip as the caller has seen it; null for whatever it is
  private record Wanted(String id, String repository, @Nullable String commit) {}

  private PullRequest merge(
      Call call, Wanted wanted, MergeOperation operation, CommitWriter writer) {
    if (wanted.commit() != null && !ObjectId.isId(wanted.commit())) {
      throw CodecommitErrors.invalidCommitIdException("The specified commit ID is not valid.");
    }
    try (Git git = Git.open(store, repositories, folders, call, wanted.repository())) {
      Pull seen = store.read(tx -> pulls.requireOpen(tx, call, wanted.id()));
      if (!seen.origin().repositoryId().equals(git.repository().id())) {
        throw CodecommitErrors.repositoryNotAssociatedWithPullRequestException(
            "The repository does not contain any pull requests with that pull request ID. Use GetPullRequest to verify the correct repository name for the pull request ID.");
      }
      var permission = new GitPermission(platform, call.principal(), git.repository());
      permission
          .refusesMerge(operation.option(), seen.ends().destination())
          .ifPresent(
              why -> {
                throw AwsException.client("AccessDeniedException", why);
              });
      references.locked(
          git.repository(),
          () ->
              references.around(
                  git.repository(),
                  call.principal().arn(),
                  () -> land(call, wanted, git, seen.ends(), operation, writer)));
      Pull done = store.read(tx -> pulls.require(tx, call, wanted.id()));
      if (done.merged() == null) {
        throw new IllegalStateException("pull request " + done.id() + " was not merged");
      }
      return PullViews.of(done, git.repository());
    }
  }

  private boolean land(
      Call call,
      Wanted wanted,
      Git git,
      Pull.Ends ends,
      MergeOperation operation,
      CommitWriter writer) {
    RevCommit from = tip(git, ends.source());
    RevCommit into = tip(git, ends.destination());
    if (wanted.commit() != null && !from.name().equals(wanted.commit())) {
      throw different();
    }
    store.read(tx -> allowed(tx, call, wanted, from));
    var made = Git.io(() -> operation.make(git, from, into, writer));
    var landing =
        new Pull.Landing(operation.option(), made.commit().name(), call.principal().arn());
    store.update(tx -> pulls.save(tx, allowed(tx, call, wanted, from).merging(landing)));
    String branch = ends.destination().substring(Constants.R_HEADS.length());
    References.update(git.git(), branch, made.commit(), into);
    return true;
  }

  /// The pull request, if all that stands in the way of its merge is git.
  private Pull allowed(dev.freeway.store.ReadTx tx, Call call, Wanted wanted, RevCommit from) {
    Pull p = pulls.requireOpen(tx, call, wanted.id());
    if (!p.ends().sourceCommit().equals(from.name())) {
      // A push that has not been told of yet: nobody can have approved of it.
      throw different();
    }
    if (!pulls.approved(tx, p)) {
      throw CodecommitErrors.pullRequestApprovalRulesNotSatisfiedException(
          "The pull request cannot be merged because one or more approval rules applied to the pull request have conditions that have not been met.");
    }
    return p;
  }

  private static dev.freeway.wire.AwsException different() {
    return CodecommitErrors.tipOfSourceReferenceIsDifferentException(
        "The tip of the source branch in the destination repository does not match the tip of the source branch specified in your request. The pull request might have been updated. Make sure that you have the latest changes.");
  }

  private static RevCommit tip(Git git, String reference) {
    return git.reference(reference).flatMap(git::commit).orElseThrow(CreatePullRequest::missing);
  }
}
