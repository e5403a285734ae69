package dev.freeway.codecommit;

import dev.freeway.codecommit.api.*;
import java.util.List;

/// Pull requests as the API shows them.
final class PullViews {
  private PullViews() {}

  static PullRequest of(Pull p, Repository r) {
    Pull.Ends ends = p.ends();
    return PullRequest.builder()
        .pullRequestId(p.id())
        .title(p.title())
        .description(p.description())
        .lastActivityDate(p.active())
        .creationDate(p.origin().created())
        .pullRequestStatus(p.status())
        .authorArn(p.origin().author())
        .pullRequestTargets(
            List.of(
                PullRequestTarget.builder()
                    .repositoryName(r.name())
                    .sourceReference(ends.source())
                    .destinationReference(ends.destination())
                    .sourceCommit(ends.sourceCommit())
                    .destinationCommit(ends.destinationCommit())
                    .mergeBase(ends.base())
                    .mergeMetadata(merge(p))
                    .build()))
        .clientRequestToken(p.origin().token())
        .revisionId(p.revision())
        .approvalRules(p.rules().stream().map(Rule::view).toList())
        .build();
  }

  static MergeMetadata merge(Pull p) {
    Pull.Landing m = p.merged();
    return m == null
        ? MergeMetadata.builder().isMerged(false).build()
        : MergeMetadata.builder()
            .isMerged(true)
            .mergedBy(m.by())
            .mergeCommitId(m.commit())
            .mergeOption(m.option())
            .build();
  }
}
