package dev.freeway.ssm;

import dev.freeway.platform.Call;
import dev.freeway.ssm.api.SsmErrors;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Storage of parameters.
final class Parameters {
  private static final Table<StoredParameter> TABLE =
      new Table<>("ssm_parameters", StoredParameter.class);

  private static final Table<StoredParameter.Version> VERSIONS =
      new Table<>("ssm_versions", StoredParameter.Version.class);

  Optional<StoredParameter> find(ReadTx tx, Call call, String name) {
    return tx.get(TABLE, call.key(plainName(name)));
  }

  StoredParameter require(ReadTx tx, Call call, String name) {
    return find(tx, call, name).orElseThrow(() -> SsmErrors.parameterNotFound(""));
  }

  void save(Tx tx, Call call, StoredParameter parameter) {
    tx.put(TABLE, call.key(parameter.name()), parameter);
  }

  /// Adds a version, and forgets the one that is now too old.
  void saveNext(Tx tx, Call call, StoredParameter before, StoredParameter.Version next) {
    tx.put(VERSIONS, versionKey(call, before.name(), before.latest().number()), before.latest());
    long tooOld = next.number() - StoredParameter.MAX_VERSIONS;
    if (tooOld > 0) {
      tx.delete(VERSIONS, versionKey(call, before.name(), tooOld));
    }
    save(tx, call, before.withLatest(next));
  }

  void saveVersion(Tx tx, Call call, StoredParameter parameter, StoredParameter.Version version) {
    if (version.number() == parameter.latest().number()) {
      save(tx, call, parameter.withLatest(version));
    } else {
      tx.put(VERSIONS, versionKey(call, parameter.name(), version.number()), version);
    }
  }

  /// All versions, oldest first.
  List<StoredParameter.Version> versions(ReadTx tx, Call call, StoredParameter parameter) {
    List<StoredParameter.Version> all = new ArrayList<>();
    tx.scan(VERSIONS, versionPrefix(call, parameter.name())).forEach(row -> all.add(row.value()));
    all.add(parameter.latest());
    return all;
  }

  /// The version a selector names; without one, the latest.
  Optional<StoredParameter.Version> version(
      ReadTx tx, Call call, StoredParameter parameter, @Nullable String selector) {
    if (selector == null) {
      return Optional.of(parameter.latest());
    }
    return versions(tx, call, parameter).stream().filter(v -> v.answersTo(selector)).findFirst();
  }

  boolean delete(Tx tx, Call call, String name) {
    tx.deletePrefix(VERSIONS, versionPrefix(call, plainName(name)));
    return tx.delete(TABLE, call.key(plainName(name)));
  }

  private static String versionKey(Call call, String name, long number) {
    return call.key(name, Key.number(number));
  }

  private static String versionPrefix(Call call, String name) {
    return Key.prefix(call.account(), call.region(), name);
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
