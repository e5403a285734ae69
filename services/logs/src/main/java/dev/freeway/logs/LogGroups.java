package dev.freeway.logs;

import dev.freeway.logs.api.LogsErrors;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Storage of groups.
final class LogGroups {
  private static final Table<Group> TABLE = new Table<>("logs_groups", Group.class);

  Optional<Group> find(ReadTx tx, Scope scope, String name) {
    return tx.get(TABLE, scope.key(name));
  }

  Group require(ReadTx tx, Scope scope, String name) {
    return find(tx, scope, name)
        .orElseThrow(
            () -> LogsErrors.resourceNotFoundException("The specified log group does not exist."));
  }

  /// By name, or by an identifier that may be an ARN.
  Group require(ReadTx tx, Call call, @Nullable String name, @Nullable String identifier) {
    String given = name != null ? name : identifier;
    if (given == null) {
      throw LogsErrors.invalidParameterException(
          "Exactly one of logGroupName or logGroupIdentifier must be given");
    }
    return require(tx, call.scope(), nameOf(given));
  }

  /// `name`, or the name in `arn:aws:logs:…:log-group:name[:*]`.
  static String nameOf(String identifier) {
    return Arn.parse(identifier)
        .map(Arn::resource)
        .filter(r -> r.startsWith("log-group:"))
        .map(r -> r.substring("log-group:".length()))
        .map(r -> r.endsWith(":*") ? r.substring(0, r.length() - 2) : r)
        .orElse(identifier);
  }

  void save(Tx tx, Group group) {
    tx.put(TABLE, group.scope().key(group.name()), group);
  }

  void delete(Tx tx, Group group) {
    tx.delete(TABLE, group.scope().key(group.name()));
  }

  List<Group> startingWith(ReadTx tx, Scope scope, String prefix) {
    return tx.scan(TABLE, scope.key(prefix)).stream().map(Row::value).toList();
  }

  Optional<Group> byKey(ReadTx tx, String key) {
    return tx.get(TABLE, key);
  }

  static String key(Group group) {
    return Key.of(group.scope().account(), group.scope().region(), group.name());
  }
}
