package dev.freeway.codecommit;

import dev.freeway.codecommit.api.CodecommitErrors;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Storage of pull requests, by their number in an account's region, and what was approved of them.
final class Pulls {
  private static final Table<Pull> TABLE = new Table<>("codecommit_pulls", Pull.class);
  private static final Table<Pointer> INDEX =
      new Table<>("codecommit_pulls_by_repository", Pointer.class);
  private static final Table<PullHistory> HISTORY =
      new Table<>("codecommit_pull_events", PullHistory.class);
  private static final Table<Approver> APPROVALS =
      new Table<>("codecommit_approvals", Approver.class);
  private static final Table<Approver> OVERRIDES =
      new Table<>("codecommit_overrides", Approver.class);

  record Pointer(long number) {}

  record Approver(String arn) {}

  long next(Tx tx, Scope scope) {
    return tx.next("codecommit-pulls-" + scope.account() + "-" + scope.region());
  }

  Optional<Pull> find(ReadTx tx, Scope scope, long number) {
    return tx.get(TABLE, scope.key(Key.number(number)));
  }

  Pull require(ReadTx tx, Call call, String id) {
    if (!id.matches("[0-9]{1,18}")) {
      throw CodecommitErrors.invalidPullRequestIdException(
          "The pull request ID is not valid. Make sure that you have provided the full ID and that the pull request is in the specified repository, and then try again.");
    }
    return find(tx, call.scope(), Long.parseLong(id))
        .orElseThrow(
            () ->
                CodecommitErrors.pullRequestDoesNotExistException(
                    "The pull request ID could not be found. Make sure that you have specified the correct repository name and pull request ID, and then try again."));
  }

  Pull requireOpen(ReadTx tx, Call call, String id) {
    Pull p = require(tx, call, id);
    if (!p.open()) {
      throw closed();
    }
    return p;
  }

  static AwsException closed() {
    return CodecommitErrors.pullRequestAlreadyClosedException(
        "The pull request status cannot be updated because it is already closed.");
  }

  void save(Tx tx, Pull p) {
    tx.put(TABLE, p.scope().key(Key.number(p.origin().number())), p);
    tx.delete(INDEX, index(p, p.open() ? "CLOSED" : "OPEN"));
    tx.put(INDEX, index(p, p.status()), new Pointer(p.origin().number()));
  }

  private static String index(Pull p, String status) {
    return Key.of(p.origin().repositoryId(), status, Key.number(p.origin().number()));
  }

  /// A repository's, oldest first.
  ///
  /// @param status OPEN, CLOSED or null for both
  List<Pull> of(ReadTx tx, Repository r, @Nullable String status) {
    String prefix = status == null ? Key.prefix(r.id()) : Key.prefix(r.id(), status);
    return tx.scan(INDEX, prefix).stream()
        .map(row -> find(tx, r.scope(), row.value().number()).orElseThrow())
        .sorted(java.util.Comparator.comparingLong(p -> p.origin().number()))
        .toList();
  }

  long countOpen(ReadTx tx, Repository r) {
    return tx.count(INDEX, Key.prefix(r.id(), "OPEN"));
  }

  void record(Tx tx, Pull p, PullHistory what) {
    String number = Key.number(p.origin().number());
    tx.put(HISTORY, p.scope().key(number, Key.number(tx.next("codecommit-pull-events"))), what);
  }

  /// What happened to it, first to last.
  List<Row<PullHistory>> history(ReadTx tx, Pull p) {
    return tx.scan(HISTORY, p.scope().key(Key.number(p.origin().number()), ""));
  }

  List<String> approvers(ReadTx tx, Pull p, String revision) {
    return tx.scan(APPROVALS, p.scope().key(Key.number(p.origin().number()), revision, "")).stream()
        .map(row -> row.value().arn())
        .toList();
  }

  void approve(Tx tx, Pull p, String arn) {
    tx.put(APPROVALS, key(p, arn), new Approver(arn));
  }

  boolean revoke(Tx tx, Pull p, String arn) {
    return tx.delete(APPROVALS, key(p, arn));
  }

  private static String key(Pull p, String arn) {
    return p.scope().key(Key.number(p.origin().number()), p.revision(), arn);
  }

  /// Who set the rules aside for a revision.
  Optional<String> overrider(ReadTx tx, Pull p, String revision) {
    return tx.get(OVERRIDES, p.scope().key(Key.number(p.origin().number()), revision))
        .map(Approver::arn);
  }

  void override(Tx tx, Pull p, String arn) {
    tx.put(
        OVERRIDES, p.scope().key(Key.number(p.origin().number()), p.revision()), new Approver(arn));
  }

  boolean reinstate(Tx tx, Pull p) {
    return tx.delete(OVERRIDES, p.scope().key(Key.number(p.origin().number()), p.revision()));
  }

  /// Whether it may be merged as far as its rules go.
  boolean approved(ReadTx tx, Pull p) {
    List<String> approvers = approvers(tx, p, p.revision());
    return overrider(tx, p, p.revision()).isPresent()
        || p.rules().stream().allMatch(r -> satisfied(r, approvers));
  }

  static boolean satisfied(Rule rule, List<String> approvers) {
    return RuleContent.parse(rule.content()).orElseThrow().satisfied(approvers);
  }

  void forget(Tx tx, Repository r) {
    for (Pull p :
        Stream.concat(of(tx, r, "OPEN").stream(), of(tx, r, "CLOSED").stream()).toList()) {
      String number = Key.number(p.origin().number());
      tx.delete(TABLE, p.scope().key(number));
      for (Table<?> t : List.of(HISTORY, APPROVALS, OVERRIDES)) {
        tx.deletePrefix(t, p.scope().key(number, ""));
      }
    }
    tx.deletePrefix(INDEX, Key.prefix(r.id()));
  }
}
