package dev.freeway.codecommit;

import dev.freeway.codecommit.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.function.UnaryOperator;

/// Approval rule templates made, seen, changed and deleted.
final class TemplateOperations {
  private static final int PAGE = 100;
  private static final int MOST = 1000;

  private final Store store;
  private final RuleTemplates templates;
  private final TemplateEvents events;

  TemplateOperations(Store store, RuleTemplates templates, TemplateEvents events) {
    this.store = store;
    this.templates = templates;
    this.events = events;
  }

  CreateApprovalRuleTemplateOutput create(Call call, CreateApprovalRuleTemplateInput in) {
    checkName(in.approvalRuleTemplateName());
    checkContent(in.approvalRuleTemplateContent());
    RuleTemplate made =
        new RuleTemplate(
            Ids.uuid(),
            in.approvalRuleTemplateName(),
            in.approvalRuleTemplateDescription(),
            in.approvalRuleTemplateContent(),
            call.at(),
            call.at(),
            call.principal().arn());
    store.update(
        tx -> {
          if (templates.in(tx, call.scope()).size() >= MOST) {
            throw CodecommitErrors.numberOfRuleTemplatesExceededException(
                "The maximum number of approval rule templates has been exceeded for this AWS Region.");
          }
          insert(tx, call, made);
          events.changed(tx, call, made, "Created");
        });
    return new CreateApprovalRuleTemplateOutput(made.view());
  }

  private void insert(Tx tx, Call call, RuleTemplate t) {
    if (!templates.insert(tx, call.scope(), t)) {
      throw CodecommitErrors.approvalRuleTemplateNameAlreadyExistsException(
          "You cannot create an approval rule template with that name because a template with that name already exists in this AWS Region for your AWS account. Approval rule template names must be unique.");
    }
  }

  GetApprovalRuleTemplateOutput get(Call call, GetApprovalRuleTemplateInput in) {
    return new GetApprovalRuleTemplateOutput(
        store.read(tx -> templates.require(tx, call, in.approvalRuleTemplateName())).view());
  }

  ListApprovalRuleTemplatesOutput list(Call call, ListApprovalRuleTemplatesInput in) {
    PullText.maxResults(in.maxResults());
    var page =
        Page.of(
            store.read(tx -> templates.in(tx, call.scope())),
            RuleTemplate::name,
            in.nextToken(),
            in.maxResults(),
            PAGE,
            PullText.badToken());
    return new ListApprovalRuleTemplatesOutput(page.map(RuleTemplate::name), page.nextToken());
  }

  UpdateApprovalRuleTemplateContentOutput content(
      Call call, UpdateApprovalRuleTemplateContentInput in) {
    checkContent(in.newRuleContent());
    return new UpdateApprovalRuleTemplateContentOutput(
        change(
            call,
            in.approvalRuleTemplateName(),
            t -> {
              Rule.checkUnchanged(t.content(), in.existingRuleContentSha256());
              return t.with(in.newRuleContent(), call.at(), call.principal().arn());
            }));
  }

  UpdateApprovalRuleTemplateDescriptionOutput describe(
      Call call, UpdateApprovalRuleTemplateDescriptionInput in) {
    String text = in.approvalRuleTemplateDescription();
    return new UpdateApprovalRuleTemplateDescriptionOutput(
        change(
            call,
            in.approvalRuleTemplateName(),
            t -> t.described(text, call.at(), call.principal().arn())));
  }

  private ApprovalRuleTemplate change(Call call, String name, UnaryOperator<RuleTemplate> how) {
    return store.write(
        tx -> {
          RuleTemplate t = how.apply(templates.require(tx, call, name));
          templates.save(tx, call.scope(), t);
          events.changed(tx, call, t, "Updated");
          return t.view();
        });
  }

  UpdateApprovalRuleTemplateNameOutput rename(Call call, UpdateApprovalRuleTemplateNameInput in) {
    checkName(in.newApprovalRuleTemplateName());
    return store.write(
        tx -> {
          RuleTemplate old = templates.require(tx, call, in.oldApprovalRuleTemplateName());
          RuleTemplate t =
              old.named(in.newApprovalRuleTemplateName(), call.at(), call.principal().arn());
          insert(tx, call, t);
          templates.delete(tx, call.scope(), old);
          events.changed(tx, call, t, "Updated");
          return new UpdateApprovalRuleTemplateNameOutput(t.view());
        });
  }

  /// One that is gone answers as if it had been there, without its id.
  DeleteApprovalRuleTemplateOutput delete(Call call, DeleteApprovalRuleTemplateInput in) {
    return store.write(
        tx -> {
          var found = templates.find(tx, call.scope(), in.approvalRuleTemplateName());
          if (found.isEmpty()) {
            return new DeleteApprovalRuleTemplateOutput(null);
          }
          RuleTemplate t = found.get();
          if (!templates.repositories(tx, t).isEmpty()) {
            throw CodecommitErrors.approvalRuleTemplateInUseException(
                "The approval rule template is associated with one or more repositories. You cannot delete a template that is associated with a repository. Remove all associations, and then try again.");
          }
          templates.delete(tx, call.scope(), t);
          events.changed(tx, call, t, "Deleted");
          return new DeleteApprovalRuleTemplateOutput(t.id());
        });
  }

  private static void checkName(String name) {
    if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
      throw CodecommitErrors.invalidApprovalRuleTemplateNameException(
          "The name of the approval rule template is not valid. Template names must be between 1 and 100 valid characters in length.");
    }
  }

  private static void checkContent(String content) {
    if (RuleContent.parse(content).isEmpty()) {
      throw invalidContent();
    }
  }

  private static AwsException invalidContent() {
    return CodecommitErrors.invalidApprovalRuleTemplateContentException(
        "The content of the approval rule template is not valid.");
  }
}
