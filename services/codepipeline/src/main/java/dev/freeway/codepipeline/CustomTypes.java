package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ActionTypeId;
import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Optional;

/// Storage of custom and third-party action types.
final class CustomTypes {
  private static final Table<CustomType> TYPES =
      new Table<>("codepipeline_action_types", CustomType.class);

  /// Those that can be used.
  Optional<CustomType> find(ReadTx tx, Scope scope, ActionTypeId id) {
    return known(tx, scope, id).filter(t -> !t.deleted());
  }

  /// The deleted too.
  Optional<CustomType> known(ReadTx tx, Scope scope, ActionTypeId id) {
    return tx.get(TYPES, key(scope, id));
  }

  CustomType require(ReadTx tx, Scope scope, ActionTypeId id) {
    return find(tx, scope, id).orElseThrow(() -> missing(id));
  }

  static AwsException missing(ActionTypeId id) {
    return CodepipelineErrors.actionTypeNotFoundException(
        text(id) + " could not be found, or is not available to this account");
  }

  /// As AWS's messages name a type.
  static String text(ActionTypeId id) {
    return "ActionType (Category: '%s', Provider: '%s', Owner: '%s', Version: '%s')"
        .formatted(id.category(), id.provider(), id.owner(), id.version());
  }

  void save(Tx tx, CustomType type) {
    tx.put(TYPES, key(type.scope(), type.id()), type);
  }

  List<CustomType> all(ReadTx tx, Scope scope) {
    return tx.scan(TYPES, Key.prefix(scope.account(), scope.region())).stream()
        .map(Row::value)
        .filter(t -> !t.deleted())
        .toList();
  }

  private static String key(Scope scope, ActionTypeId id) {
    return scope.key(id.owner(), id.category(), id.provider(), id.version());
  }
}
