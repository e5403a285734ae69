package dev.freeway.codecommit;

import dev.freeway.codecommit.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.Optional;

/// Approval rules put on one pull request, changed and taken off.
final class ApprovalRules {
  private static final int MOST = 30;

  private final Store store;
  private final Repositories repositories;
  private final Pulls pulls;
  private final PullEvents events;

  ApprovalRules(Store store, Repositories repositories, Pulls pulls, PullEvents events) {
    this.store = store;
    this.repositories = repositories;
    this.pulls = pulls;
    this.events = events;
  }

  CreatePullRequestApprovalRuleOutput create(Call call, CreatePullRequestApprovalRuleInput in) {
    check(in.approvalRuleContent());
    String caller = call.principal().arn();
    return store.write(
        tx -> {
          Pull p = pulls.requireOpen(tx, call, in.pullRequestId());
          if (p.rule(in.approvalRuleName()).isPresent()) {
            throw CodecommitErrors.approvalRuleNameAlreadyExistsException(
                "An approval rule with that name already exists. Approval rule names must be unique within the scope of a pull request.");
          }
          if (p.rules().size() >= MOST) {
            throw CodecommitErrors.numberOfRulesExceededException(
                "The approval rule cannot be added. The pull request has the maximum number of approval rules associated with it.");
          }
          Rule rule =
              new Rule(
                  Ids.uuid(),
                  in.approvalRuleName(),
                  in.approvalRuleContent(),
                  call.at(),
                  call.at(),
                  caller,
                  null);
          Pull changed = p.withRule(rule, call.at());
          pulls.save(tx, changed);
          events.rule(tx, repository(tx, p), changed, rule, "Created", call.at(), caller);
          return new CreatePullRequestApprovalRuleOutput(rule.view());
        });
  }

  UpdatePullRequestApprovalRuleContentOutput update(
      Call call, UpdatePullRequestApprovalRuleContentInput in) {
    check(in.newRuleContent());
    String caller = call.principal().arn();
    return store.write(
        tx -> {
          Pull p = pulls.requireOpen(tx, call, in.pullRequestId());
          Rule rule = p.rule(in.approvalRuleName()).orElseThrow(ApprovalRules::missing);
          if (rule.template() != null) {
            throw CodecommitErrors.cannotModifyApprovalRuleFromTemplateException(
                "The approval rule cannot be modified for the pull request because it was created by an approval rule template and applied to the pull request automatically.");
          }
          Rule.checkUnchanged(rule.content(), in.existingRuleContentSha256());
          Rule changed = rule.with(in.newRuleContent(), call.at(), caller);
          Pull after = p.withRule(changed, call.at());
          pulls.save(tx, after);
          events.rule(tx, repository(tx, p), after, changed, "Updated", call.at(), caller);
          return new UpdatePullRequestApprovalRuleContentOutput(changed.view());
        });
  }

  DeletePullRequestApprovalRuleOutput delete(Call call, DeletePullRequestApprovalRuleInput in) {
    String caller = call.principal().arn();
    return store.write(
        tx -> {
          Pull p = pulls.requireOpen(tx, call, in.pullRequestId());
          Optional<Rule> rule = p.rule(in.approvalRuleName());
          if (rule.isEmpty()) {
            return new DeletePullRequestApprovalRuleOutput(null);
          }
          if (rule.get().template() != null) {
            throw CodecommitErrors.cannotDeleteApprovalRuleFromTemplateException(
                "The approval rule cannot be deleted from the pull request because it was created by an approval rule template and applied to the pull request automatically.");
          }
          Pull after = p.withoutRule(rule.get(), call.at());
          pulls.save(tx, after);
          events.rule(tx, repository(tx, p), after, rule.get(), "Deleted", call.at(), caller);
          return new DeletePullRequestApprovalRuleOutput(rule.get().id());
        });
  }

  private Repository repository(ReadTx tx, Pull p) {
    return repositories.byId(tx, p.scope(), p.origin().repositoryId()).orElseThrow();
  }

  private static AwsException missing() {
    return CodecommitErrors.approvalRuleDoesNotExistException(
        "The specified approval rule does not exist.");
  }

  private static void check(String content) {
    if (RuleContent.parse(content).isEmpty()) {
      throw CodecommitErrors.invalidApprovalRuleContentException(
          "The content for the approval rule is not valid.");
    }
  }
}
