package dev.freeway.codecommit;

import dev.freeway.codecommit.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Who approved of a revision, whether that satisfies its rules, and who set the rules aside.
final class Approvals {
  private static final String APPROVE = "APPROVE";
  private static final String OVERRIDE = "OVERRIDE";

  private final Store store;
  private final Repositories repositories;
  private final Pulls pulls;
  private final PullEvents events;

  Approvals(Store store, Repositories repositories, Pulls pulls, PullEvents events) {
    this.store = store;
    this.repositories = repositories;
    this.pulls = pulls;
    this.events = events;
  }

  Structure.Empty update(Call call, UpdatePullRequestApprovalStateInput in) {
    String caller = call.principal().arn();
    store.update(
        tx -> {
          Pull p = pulls.requireOpen(tx, call, in.pullRequestId());
          current(p, in.revisionId());
          boolean approve = in.approvalState().equals(APPROVE);
          if (approve && p.origin().author().equals(caller)) {
            throw CodecommitErrors.pullRequestCannotBeApprovedByAuthorException(
                "The approval cannot be applied because the user approving the pull request matches the user who created the pull request. You cannot approve a pull request that you created.");
          }
          boolean before = pulls.approvers(tx, p, p.revision()).contains(caller);
          if (before == approve) {
            return;
          }
          if (approve) {
            pulls.approve(tx, p, caller);
          } else {
            pulls.revoke(tx, p, caller);
          }
          Pull after = p.touched(call.at());
          pulls.save(tx, after);
          events.approval(tx, repository(tx, p), after, in.approvalState(), call.at(), caller);
        });
    return new Structure.Empty();
  }

  GetPullRequestApprovalStatesOutput states(Call call, GetPullRequestApprovalStatesInput in) {
    List<String> all =
        store.read(
            tx ->
                pulls.approvers(tx, pulls.require(tx, call, in.pullRequestId()), in.revisionId()));
    return new GetPullRequestApprovalStatesOutput(
        all.stream().map(arn -> new Approval(arn, APPROVE)).toList());
  }

  EvaluatePullRequestApprovalRulesOutput evaluate(
      Call call, EvaluatePullRequestApprovalRulesInput in) {
    return store.read(
        tx -> {
          Pull p = pulls.require(tx, call, in.pullRequestId());
          current(p, in.revisionId());
          List<String> approvers = pulls.approvers(tx, p, p.revision());
          List<String> satisfied = new ArrayList<>();
          List<String> not = new ArrayList<>();
          p.rules().forEach(r -> (Pulls.satisfied(r, approvers) ? satisfied : not).add(r.name()));
          boolean overridden = pulls.overrider(tx, p, p.revision()).isPresent();
          return new EvaluatePullRequestApprovalRulesOutput(
              Evaluation.builder()
                  .approved(not.isEmpty())
                  .overridden(overridden)
                  .approvalRulesSatisfied(satisfied)
                  .approvalRulesNotSatisfied(not)
                  .build());
        });
  }

  Structure.Empty override(Call call, OverridePullRequestApprovalRulesInput in) {
    String caller = call.principal().arn();
    store.update(
        tx -> {
          Pull p = pulls.requireOpen(tx, call, in.pullRequestId());
          current(p, in.revisionId());
          boolean override = in.overrideStatus().equals(OVERRIDE);
          if (override && pulls.overrider(tx, p, p.revision()).isPresent()) {
            throw CodecommitErrors.overrideAlreadySetException(
                "The pull request has already had its approval rules set to override.");
          }
          if (override) {
            pulls.override(tx, p, caller);
          } else if (!pulls.reinstate(tx, p)) {
            return;
          }
          Pull after = p.touched(call.at());
          pulls.save(tx, after);
          events.override(tx, repository(tx, p), after, in.overrideStatus(), call.at(), caller);
        });
    return new Structure.Empty();
  }

  GetPullRequestOverrideStateOutput overrideState(Call call, GetPullRequestOverrideStateInput in) {
    Optional<String> who =
        store.read(
            tx ->
                pulls.overrider(tx, pulls.require(tx, call, in.pullRequestId()), in.revisionId()));
    return new GetPullRequestOverrideStateOutput(who.isPresent(), who.orElse(null));
  }

  private static void current(Pull p, String revision) {
    if (!p.revision().equals(revision)) {
      throw CodecommitErrors.revisionNotCurrentException(
          "The revision ID provided in the request does not match the current revision ID. Use GetPullRequest to retrieve the current revision ID.");
    }
  }

  private Repository repository(ReadTx tx, Pull p) {
    return repositories.byId(tx, p.scope(), p.origin().repositoryId()).orElseThrow();
  }
}
