package dev.freeway.codecommit;

import dev.freeway.codecommit.api.*;
import java.time.Instant;
import java.util.Map;

/// Something that happened to a pull request, as DescribePullRequestEvents tells of it.
///
/// @param type such as PULL_REQUEST_CREATED
/// @param actor the ARN of who did it
/// @param facts what goes with the type, by the API's names
record PullHistory(Instant at, String type, String actor, Map<String, String> facts) {

  PullRequestEvent view(Pull pull, String repository) {
    var event =
        PullRequestEvent.builder()
            .pullRequestId(pull.id())
            .eventDate(at)
            .pullRequestEventType(type)
            .actorArn(actor);
    var done =
        switch (type) {
          case "PULL_REQUEST_CREATED" ->
              event.pullRequestCreatedEventMetadata(
                  PullRequestCreatedEventMetadata.builder()
                      .repositoryName(repository)
                      .sourceCommitId(facts.get("sourceCommitId"))
                      .destinationCommitId(facts.get("destinationCommitId"))
                      .mergeBase(facts.get("mergeBase"))
                      .build());
          case "PULL_REQUEST_STATUS_CHANGED" ->
              event.pullRequestStatusChangedEventMetadata(
                  new PullRequestStatusChangedEventMetadata(facts.get("pullRequestStatus")));
          case "PULL_REQUEST_SOURCE_REFERENCE_UPDATED" ->
              event.pullRequestSourceReferenceUpdatedEventMetadata(
                  PullRequestSourceReferenceUpdatedEventMetadata.builder()
                      .repositoryName(repository)
                      .beforeCommitId(facts.get("beforeCommitId"))
                      .afterCommitId(facts.get("afterCommitId"))
                      .mergeBase(facts.get("mergeBase"))
                      .build());
          case "PULL_REQUEST_MERGE_STATE_CHANGED" ->
              event.pullRequestMergedStateChangedEventMetadata(
                  PullRequestMergedStateChangedEventMetadata.builder()
                      .repositoryName(repository)
                      .destinationReference(pull.ends().destination())
                      .mergeMetadata(PullViews.merge(pull))
                      .build());
          case "PULL_REQUEST_APPROVAL_STATE_CHANGED" ->
              event.approvalStateChangedEventMetadata(
                  new ApprovalStateChangedEventMetadata(
                      facts.get("revisionId"), facts.get("approvalStatus")));
          case "PULL_REQUEST_APPROVAL_RULE_OVERRIDDEN" ->
              event.approvalRuleOverriddenEventMetadata(
                  new ApprovalRuleOverriddenEventMetadata(
                      facts.get("revisionId"), facts.get("overrideStatus")));
          default ->
              event.approvalRuleEventMetadata(
                  ApprovalRuleEventMetadata.builder()
                      .approvalRuleName(facts.get("approvalRuleName"))
                      .approvalRuleId(facts.get("approvalRuleId"))
                      .approvalRuleContent(facts.get("approvalRuleContent"))
                      .build());
        };
    return done.build();
  }
}
