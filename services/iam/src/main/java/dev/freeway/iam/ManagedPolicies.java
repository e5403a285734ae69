package dev.freeway.iam;

import dev.freeway.iam.api.IamErrors;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Storage of an account's managed policies, and the way to those of AWS.
final class ManagedPolicies {
  private static final Table<ManagedPolicy> TABLE =
      new Table<>("iam_policies", ManagedPolicy.class);

  /// @param arn of a policy of this account, or `arn:aws:iam::aws:policy/…`
  Optional<ManagedPolicy> find(ReadTx tx, Call call, String arn) {
    Arn parsed = Arn.parse(arn).orElseThrow(() -> invalidArn(arn));
    if (!parsed.service().equals("iam") || !parsed.resource().startsWith("policy/")) {
      throw invalidArn(arn);
    }
    if (isAws(arn)) {
      return AwsPolicies.find(arn);
    }
    if (!parsed.account().equals(call.account())) {
      return Optional.empty();
    }
    return tx.get(TABLE, key(call, parsed.name())).filter(p -> arn(call, p).equals(arn));
  }

  ManagedPolicy require(ReadTx tx, Call call, String arn) {
    return find(tx, call, arn)
        .orElseThrow(() -> IamErrors.noSuchEntityException("Policy " + arn + " was not found."));
  }

  /// For changes: AWS's own cannot be changed.
  ManagedPolicy requireOwn(ReadTx tx, Call call, String arn) {
    if (isAws(arn)) {
      throw AwsException.of(
          "AccessDenied",
          403,
          "User: "
              + call.principal().arn()
              + " is not authorized to change the AWS managed policy "
              + arn);
    }
    return require(tx, call, arn);
  }

  void requireAttachable(ReadTx tx, Call call, @Nullable String arn) {
    if (arn != null && find(tx, call, arn).isEmpty()) {
      throw IamErrors.noSuchEntityException(
          "Policy " + arn + " does not exist or is not attachable.");
    }
  }

  void create(Tx tx, Call call, ManagedPolicy policy) {
    if (!tx.insertIfAbsent(TABLE, key(call, policy.name()), policy)) {
      throw IamErrors.entityAlreadyExistsException(
          "A policy called " + policy.name() + " already exists. Duplicate names are not allowed.");
    }
  }

  void save(Tx tx, Call call, ManagedPolicy policy) {
    tx.put(TABLE, key(call, policy.name()), policy);
  }

  void delete(Tx tx, Call call, ManagedPolicy policy) {
    tx.delete(TABLE, key(call, policy.name()));
  }

  List<ManagedPolicy> all(ReadTx tx, Call call) {
    return tx.scan(TABLE, Key.prefix(call.account())).stream().map(Row::value).toList();
  }

  static boolean isAws(String arn) {
    return arn.startsWith("arn:aws:iam::aws:policy/");
  }

  static String arn(Call call, ManagedPolicy p) {
    String owner = p.id().equals(AwsPolicies.id(p)) ? "aws" : call.account();
    return "arn:aws:iam::" + owner + ":policy" + p.path() + p.name();
  }

  static AwsException invalidArn(String arn) {
    return AwsException.client("ValidationError", "ARN " + arn + " is not valid.");
  }

  private static String key(Call call, String name) {
    return Key.of(call.account(), Entities.folded(name));
  }
}
