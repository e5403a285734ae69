package dev.freeway.codecommit;

import dev.freeway.codecommit.api.CodecommitErrors;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of approval rule templates, by account, region and name, and of what they are associated
/// with, both ways.
final class RuleTemplates {
  private static final Table<RuleTemplate> TABLE =
      new Table<>("codecommit_rule_templates", RuleTemplate.class);
  private static final Table<Link> LINKS =
      new Table<>("codecommit_rule_template_links", Link.class);
  private static final String OF_REPOSITORY = "repository";
  private static final String OF_TEMPLATE = "template";

  record Link(String repositoryId, String templateId) {}

  Optional<RuleTemplate> find(ReadTx tx, Scope scope, String name) {
    return tx.get(TABLE, scope.key(name));
  }

  RuleTemplate require(ReadTx tx, Call call, String name) {
    return find(tx, call.scope(), name)
        .orElseThrow(
            () ->
                CodecommitErrors.approvalRuleTemplateDoesNotExistException(
                    "The specified approval rule template does not exist. Verify that the name is correct and that you are signed in to the AWS Region where the template was created, and then try again."));
  }

  List<RuleTemplate> in(ReadTx tx, Scope scope) {
    return tx.scan(TABLE, scope.key("")).stream().map(Row::value).toList();
  }

  boolean insert(Tx tx, Scope scope, RuleTemplate t) {
    return tx.insertIfAbsent(TABLE, scope.key(t.name()), t);
  }

  void save(Tx tx, Scope scope, RuleTemplate t) {
    tx.put(TABLE, scope.key(t.name()), t);
  }

  void delete(Tx tx, Scope scope, RuleTemplate t) {
    tx.delete(TABLE, scope.key(t.name()));
  }

  void link(Tx tx, Repository r, RuleTemplate t) {
    Link link = new Link(r.id(), t.id());
    tx.put(LINKS, Key.of(OF_REPOSITORY, r.id(), t.id()), link);
    tx.put(LINKS, Key.of(OF_TEMPLATE, t.id(), r.id()), link);
  }

  boolean linked(ReadTx tx, Repository r, RuleTemplate t) {
    return tx.contains(LINKS, Key.of(OF_TEMPLATE, t.id(), r.id()));
  }

  boolean unlink(Tx tx, String repositoryId, String templateId) {
    tx.delete(LINKS, Key.of(OF_REPOSITORY, repositoryId, templateId));
    return tx.delete(LINKS, Key.of(OF_TEMPLATE, templateId, repositoryId));
  }

  /// A repository's, by name.
  List<RuleTemplate> of(ReadTx tx, Repository r) {
    List<String> ids =
        tx.scan(LINKS, Key.prefix(OF_REPOSITORY, r.id())).stream()
            .map(row -> row.value().templateId())
            .toList();
    return ids.isEmpty()
        ? List.of()
        : in(tx, r.scope()).stream().filter(t -> ids.contains(t.id())).toList();
  }

  /// The ids of the repositories it is associated with.
  List<String> repositories(ReadTx tx, RuleTemplate t) {
    return tx.scan(LINKS, Key.prefix(OF_TEMPLATE, t.id())).stream()
        .map(row -> row.value().repositoryId())
        .toList();
  }

  void forget(Tx tx, Repository r) {
    for (Row<Link> row : tx.scan(LINKS, Key.prefix(OF_REPOSITORY, r.id()))) {
      unlink(tx, r.id(), row.value().templateId());
    }
  }
}
