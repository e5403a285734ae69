package dev.freeway.codecommit;

import dev.freeway.codecommit.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.ArrayList;
import java.util.List;

/// Which repositories' new pull requests get which templates' rules.
final class TemplateLinks {
  private static final int PAGE = 100;
  private static final int MOST_PER_REPOSITORY = 25;
  private static final int MOST_NAMES = 100;
  private static final String TO = "associated with";
  private static final String FROM = "disassociated from";

  private final Store store;
  private final Repositories repositories;
  private final RuleTemplates templates;
  private final TemplateEvents events;

  TemplateLinks(
      Store store, Repositories repositories, RuleTemplates templates, TemplateEvents events) {
    this.store = store;
    this.repositories = repositories;
    this.templates = templates;
    this.events = events;
  }

  Structure.Empty associate(Call call, AssociateApprovalRuleTemplateWithRepositoryInput in) {
    store.update(
        tx -> {
          RuleTemplate t = templates.require(tx, call, in.approvalRuleTemplateName());
          Repository r = repositories.require(tx, call, in.repositoryName());
          if (link(tx, r, t)) {
            String event = "approvalRuleTemplateAssociatedWithRepository";
            events.linked(tx, call, t, event, TO, List.of(r));
          }
        });
    return new Structure.Empty();
  }

  Structure.Empty disassociate(Call call, DisassociateApprovalRuleTemplateFromRepositoryInput in) {
    store.update(
        tx -> {
          RuleTemplate t = templates.require(tx, call, in.approvalRuleTemplateName());
          Repository r = repositories.require(tx, call, in.repositoryName());
          if (templates.unlink(tx, r.id(), t.id())) {
            String event = "approvalRuleTemplateDisassociatedFromRepository";
            events.linked(tx, call, t, event, FROM, List.of(r));
          }
        });
    return new Structure.Empty();
  }

  private boolean link(Tx tx, Repository r, RuleTemplate t) {
    if (templates.linked(tx, r, t)) {
      return false;
    }
    if (templates.of(tx, r).size() >= MOST_PER_REPOSITORY) {
      throw CodecommitErrors.maximumRuleTemplatesAssociatedWithRepositoryException(
          "The maximum number of approval rule templates for a repository has been exceeded. You cannot associate more than 25 approval rule templates with a repository.");
    }
    templates.link(tx, r, t);
    return true;
  }

  BatchAssociateApprovalRuleTemplateWithRepositoriesOutput associateAll(
      Call call, BatchAssociateApprovalRuleTemplateWithRepositoriesInput in) {
    checkNames(in.repositoryNames());
    List<String> done = new ArrayList<>();
    List<BatchAssociateApprovalRuleTemplateWithRepositoriesError> errors = new ArrayList<>();
    store.update(
        tx -> {
          RuleTemplate t = templates.require(tx, call, in.approvalRuleTemplateName());
          List<Repository> changed = new ArrayList<>();
          for (String name : in.repositoryNames()) {
            try {
              Repository r = repositories.require(tx, call, name);
              if (link(tx, r, t)) {
                changed.add(r);
              }
              done.add(name);
            } catch (AwsException e) {
              errors.add(
                  new BatchAssociateApprovalRuleTemplateWithRepositoriesError(
                      name, e.code(), e.message()));
            }
          }
          if (!changed.isEmpty()) {
            String event = "batchAssociateApprovalRuleTemplateWithRepositories";
            events.linked(tx, call, t, event, "batch " + TO, changed);
          }
        });
    return new BatchAssociateApprovalRuleTemplateWithRepositoriesOutput(done, errors);
  }

  BatchDisassociateApprovalRuleTemplateFromRepositoriesOutput disassociateAll(
      Call call, BatchDisassociateApprovalRuleTemplateFromRepositoriesInput in) {
    checkNames(in.repositoryNames());
    List<String> done = new ArrayList<>();
    List<BatchDisassociateApprovalRuleTemplateFromRepositoriesError> errors = new ArrayList<>();
    store.update(
        tx -> {
          RuleTemplate t = templates.require(tx, call, in.approvalRuleTemplateName());
          List<Repository> changed = new ArrayList<>();
          for (String name : in.repositoryNames()) {
            try {
              Repository r = repositories.require(tx, call, name);
              if (templates.unlink(tx, r.id(), t.id())) {
                changed.add(r);
              }
              done.add(name);
            } catch (AwsException e) {
              errors.add(
                  new BatchDisassociateApprovalRuleTemplateFromRepositoriesError(
                      name, e.code(), e.message()));
            }
          }
          if (!changed.isEmpty()) {
            String event = "batchDisassociateApprovalRuleTemplateFromRepositories";
            events.linked(tx, call, t, event, "batch " + FROM, changed);
          }
        });
    return new BatchDisassociateApprovalRuleTemplateFromRepositoriesOutput(done, errors);
  }

  private static void checkNames(List<String> names) {
    if (names.isEmpty()) {
      throw CodecommitErrors.repositoryNamesRequiredException(
          "At least one repository name object is required, but was not specified.");
    }
    if (names.size() > MOST_NAMES) {
      throw CodecommitErrors.maximumRepositoryNamesExceededException(
          "The maximum number of allowed repository names was exceeded. Currently, this number is 100.");
    }
  }

  ListAssociatedApprovalRuleTemplatesForRepositoryOutput ofRepository(
      Call call, ListAssociatedApprovalRuleTemplatesForRepositoryInput in) {
    PullText.maxResults(in.maxResults());
    var page =
        Page.of(
            store.read(tx -> templates.of(tx, repositories.require(tx, call, in.repositoryName()))),
            RuleTemplate::name,
            in.nextToken(),
            in.maxResults(),
            PAGE,
            PullText.badToken());
    return new ListAssociatedApprovalRuleTemplatesForRepositoryOutput(
        page.map(RuleTemplate::name), page.nextToken());
  }

  ListRepositoriesForApprovalRuleTemplateOutput ofTemplate(
      Call call, ListRepositoriesForApprovalRuleTemplateInput in) {
    PullText.maxResults(in.maxResults());
    List<String> names =
        store.read(
            tx -> {
              RuleTemplate t = templates.require(tx, call, in.approvalRuleTemplateName());
              List<String> ids = templates.repositories(tx, t);
              return repositories.in(tx, call.scope()).stream()
                  .filter(r -> ids.contains(r.id()))
                  .map(Repository::name)
                  .sorted()
                  .toList();
            });
    var page = Page.of(names, n -> n, in.nextToken(), in.maxResults(), PAGE, PullText.badToken());
    return new ListRepositoriesForApprovalRuleTemplateOutput(page.items(), page.nextToken());
  }
}
