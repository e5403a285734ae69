package dev.freeway.codecommit;

import dev.freeway.platform.Event;
import dev.freeway.platform.EventBus;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Keeps what happened to a pull request with it, and tells the world.
final class PullEvents {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss 'UTC' yyyy", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final EventBus bus;
  private final Pulls pulls;

  PullEvents(EventBus bus, Pulls pulls) {
    this.bus = bus;
    this.pulls = pulls;
  }

  /// The form of dates in CodeCommit's events: `Mon Aug 16 08:31:23 UTC 2021`.
  static String date(Instant at) {
    return DATE.format(at);
  }

  void created(Tx tx, Repository r, Pull p) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("sourceCommitId", p.ends().sourceCommit());
    facts.put("destinationCommitId", p.ends().destinationCommit());
    if (p.ends().base() != null) {
      facts.put("mergeBase", p.ends().base());
    }
    String who = p.origin().author();
    pulls.record(tx, p, new PullHistory(p.active(), "PULL_REQUEST_CREATED", who, facts));
    String more =
        "A pull request was created with the following ID: %s. The title of the pull request is: %s."
            .formatted(p.id(), p.title());
    publish(tx, r, p, who, "pullRequestCreated", "Created", more, Map.of());
  }

  void sourceUpdated(Tx tx, Repository r, Pull before, Pull p, String caller) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("beforeCommitId", before.ends().sourceCommit());
    facts.put("afterCommitId", p.ends().sourceCommit());
    if (p.ends().base() != null) {
      facts.put("mergeBase", p.ends().base());
    }
    pulls.record(
        tx, p, new PullHistory(p.active(), "PULL_REQUEST_SOURCE_REFERENCE_UPDATED", caller, facts));
    String more =
        "The pull request was updated with one or more commits to the source branch: %s."
            .formatted(p.ends().source().replaceFirst("^refs/heads/", ""));
    publish(tx, r, p, caller, "pullRequestSourceBranchUpdated", "Updated", more, Map.of());
  }

  void closed(Tx tx, Repository r, Pull p, String caller) {
    var facts = Map.of("pullRequestStatus", "CLOSED");
    pulls.record(tx, p, new PullHistory(p.active(), "PULL_REQUEST_STATUS_CHANGED", caller, facts));
    String more = "The pull request status has been updated. The status is closed.";
    publish(tx, r, p, caller, "pullRequestStatusChanged", "Updated", more, Map.of());
  }

  void merged(Tx tx, Repository r, Pull p, Pull.Landing how) {
    pulls.record(
        tx, p, new PullHistory(p.active(), "PULL_REQUEST_MERGE_STATE_CHANGED", how.by(), Map.of()));
    String more = "The pull request merge status has been updated. The status is merged.";
    publish(
        tx,
        r,
        p,
        how.by(),
        "pullRequestMergeStatusUpdated",
        "Updated",
        more,
        Map.of("mergeOption", how.option()));
  }

  /// @param what Created, Updated or Deleted
  void rule(Tx tx, Repository r, Pull p, Rule rule, String what, Instant at, String caller) {
    Map<String, String> facts =
        Map.of(
            "approvalRuleName", rule.name(),
            "approvalRuleId", rule.id(),
            "approvalRuleContent", rule.content());
    String type = "PULL_REQUEST_APPROVAL_RULE_" + what.toUpperCase(Locale.ROOT);
    pulls.record(tx, p, new PullHistory(at, type, caller, facts));
    String more =
        "An approval rule has been %s with the following name: %s."
            .formatted(what.toLowerCase(Locale.ROOT), rule.name());
    Map<String, String> extra =
        Map.of(
            "approvalRuleName", rule.name(),
            "approvalRuleId", rule.id(),
            "approvalRuleContentSha256", Rule.sha256(rule.content()));
    publish(tx, r, p, caller, "pullRequestApprovalRule" + what, "Updated", more, extra);
  }

  /// @param state APPROVE or REVOKE
  void approval(Tx tx, Repository r, Pull p, String state, Instant at, String caller) {
    var facts = Map.of("revisionId", p.revision(), "approvalStatus", state);
    pulls.record(tx, p, new PullHistory(at, "PULL_REQUEST_APPROVAL_STATE_CHANGED", caller, facts));
    String more =
        "A user has changed their approval state for the pull request. State change: %s."
            .formatted(state);
    var extra = Map.of("approvalStatus", state);
    publish(tx, r, p, caller, "pullRequestApprovalStateChanged", "Updated", more, extra);
  }

  /// @param status OVERRIDE or REVOKE
  void override(Tx tx, Repository r, Pull p, String status, Instant at, String caller) {
    var facts = Map.of("revisionId", p.revision(), "overrideStatus", status);
    pulls.record(
        tx, p, new PullHistory(at, "PULL_REQUEST_APPROVAL_RULE_OVERRIDDEN", caller, facts));
    String more =
        "An override event has occurred for the approval rules for this pull request. Override status: %s."
            .formatted(status);
    var extra = Map.of("overrideStatus", status);
    publish(tx, r, p, caller, "pullRequestApprovalRuleOverridden", "Updated", more, extra);
  }

  private void publish(
      Tx tx,
      Repository r,
      Pull p,
      String caller,
      String event,
      String kind,
      String more,
      Map<String, String> extra) {
    Map<String, Object> detail = new LinkedHashMap<>(extra);
    detail.put("author", p.origin().author());
    detail.put("callerUserArn", caller);
    detail.put("creationDate", date(p.origin().created()));
    if (p.description() != null) {
      detail.put("description", p.description());
    }
    detail.put("destinationCommit", p.ends().destinationCommit());
    detail.put("destinationReference", p.ends().destination());
    detail.put("event", event);
    detail.put("isMerged", p.merged() == null ? "False" : "True");
    detail.put("lastModifiedDate", date(p.active()));
    detail.put(
        "notificationBody",
        "A pull request event occurred in the following AWS CodeCommit repository: %s. User: %s. Event: %s. Pull request name: %s. Additional information: %s"
            .formatted(r.name(), caller, kind, p.id(), more));
    detail.put("pullRequestId", p.id());
    detail.put("pullRequestStatus", p.open() ? "Open" : "Closed");
    detail.put("repositoryNames", List.of(r.name()));
    detail.put("revisionId", p.revision());
    detail.put("sourceCommit", p.ends().sourceCommit());
    detail.put("sourceReference", p.ends().source());
    detail.put("title", p.title());
    bus.publish(
        tx,
        Event.of(
            r.scope(),
            p.active(),
            "aws.codecommit",
            "CodeCommit Pull Request State Change",
            List.of(r.arn()),
            detail));
  }
}
