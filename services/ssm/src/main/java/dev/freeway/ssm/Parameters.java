package dev.freeway.ssm;

import dev.freeway.platform.Call;
import dev.freeway.ssm.api.SsmErrors;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of parameters.
final class Parameters {
  private static final Table<StoredParameter> TABLE =
      new Table<>("ssm_parameters", StoredParameter.class);

  Optional<StoredParameter> find(ReadTx tx, Call call, String name) {
    return tx.get(TABLE, call.key(plainName(name)));
  }

  StoredParameter require(ReadTx tx, Call call, String name) {
    return find(tx, call, name).orElseThrow(() -> SsmErrors.parameterNotFound(""));
  }

  void save(Tx tx, Call call, StoredParameter parameter) {
    tx.put(TABLE, call.key(parameter.name()), parameter);
  }

  boolean delete(Tx tx, Call call, String name) {
    return tx.delete(TABLE, call.key(plainName(name)));
  }

  /// All of an account and region, by name.
  List<StoredParameter> all(ReadTx tx, Call call) {
    return startingWith(tx, call, "");
  }

  List<StoredParameter> startingWith(ReadTx tx, Call call, String prefix) {
    return tx.scan(TABLE, call.key(prefix)).stream().map(Row::value).toList();
  }

  /// Names may be given as ARNs.
  static String plainName(String name) {
    int at = name.indexOf(":parameter/");
    if (!name.startsWith("arn:") || at < 0) {
      return name;
    }
    String rest = name.substring(at + ":parameter/".length());
    return rest.contains("/") ? "/" + rest : rest;
  }
}
