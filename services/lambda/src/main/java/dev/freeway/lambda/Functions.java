package dev.freeway.lambda;

import dev.freeway.lambda.api.AliasConfiguration;
import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Storage of functions, their versions and aliases.
final class Functions {
  private static final Table<StoredFunction> FUNCTIONS =
      new Table<>("lambda_functions", StoredFunction.class);
  private static final Table<StoredVersion> VERSIONS =
      new Table<>("lambda_versions", StoredVersion.class);
  private static final Table<AliasConfiguration> ALIASES =
      new Table<>("lambda_aliases", AliasConfiguration.class);

  Optional<StoredFunction> find(ReadTx tx, FunctionRef ref) {
    return tx.get(FUNCTIONS, ref.key());
  }

  /// Throws ResourceNotFoundException.
  StoredFunction get(ReadTx tx, FunctionRef ref) {
    return find(tx, ref).orElseThrow(() -> notFound(ref));
  }

  static AwsException notFound(FunctionRef ref) {
    return LambdaErrors.resourceNotFoundException("Function not found: " + ref.arn())
        .with("Type", "User");
  }

  void save(Tx tx, StoredFunction f) {
    tx.put(FUNCTIONS, f.ref().key(), f);
  }

  List<StoredFunction> all(ReadTx tx, Scope scope) {
    return values(tx.scan(FUNCTIONS, Key.prefix(scope.account(), scope.region())));
  }

  List<StoredVersion> everywhere(ReadTx tx) {
    return values(tx.scan(VERSIONS, ""));
  }

  /// The names of all zip files and folders of code that some version needs.
  Set<String> code(ReadTx tx) {
    Set<String> all = new HashSet<>();
    for (StoredVersion v : everywhere(tx)) {
      if (v.codeHash() != null) {
        all.add(v.codeHash());
      }
      all.addAll(v.layerHashes());
      if (!v.layerHashes().isEmpty()) {
        all.add(CodeStore.name(v.layerHashes()));
      }
    }
    return all;
  }

  void save(Tx tx, StoredVersion v) {
    tx.put(VERSIONS, versionKey(v.ref()), v);
  }

  void delete(Tx tx, StoredVersion v) {
    tx.delete(VERSIONS, versionKey(v.ref()));
  }

  Optional<StoredVersion> version(ReadTx tx, FunctionRef ref) {
    return tx.get(VERSIONS, versionKey(ref));
  }

  /// The version a qualifier stands for; an alias's main one. Throws ResourceNotFoundException.
  StoredVersion resolve(ReadTx tx, FunctionRef ref) {
    if (!ref.latest() && !ref.numbered()) {
      AliasConfiguration alias = alias(tx, ref).orElseThrow(() -> notFound(ref));
      return version(tx, ref.at(alias.functionVersion())).orElseThrow(() -> notFound(ref));
    }
    return version(tx, ref).orElseThrow(() -> notFound(ref));
  }

  /// `$LATEST` first, then by number.
  List<StoredVersion> versions(ReadTx tx, FunctionRef ref) {
    return values(tx.scan(VERSIONS, ref.key() + Key.SEPARATOR));
  }

  // "$LATEST" sorts before digits.
  private static String versionKey(FunctionRef ref) {
    return ref.scope()
        .key(
            ref.name(),
            ref.latest() || !ref.numbered()
                ? FunctionRef.LATEST
                : number(String.valueOf(ref.qualifier())));
  }

  static String number(String digits) {
    return digits.length() > 18 ? "9".repeat(19) : Key.number(Long.parseLong(digits));
  }

  Optional<AliasConfiguration> alias(ReadTx tx, FunctionRef ref) {
    return tx.get(ALIASES, ref.scope().key(ref.name(), String.valueOf(ref.qualifier())));
  }

  void save(Tx tx, FunctionRef ref, AliasConfiguration alias) {
    tx.put(ALIASES, ref.scope().key(ref.name(), alias.name()), alias);
  }

  void deleteAlias(Tx tx, FunctionRef ref) {
    tx.delete(ALIASES, ref.scope().key(ref.name(), String.valueOf(ref.qualifier())));
  }

  List<AliasConfiguration> aliases(ReadTx tx, FunctionRef ref) {
    return values(tx.scan(ALIASES, ref.key() + Key.SEPARATOR));
  }

  void deleteAll(Tx tx, FunctionRef ref) {
    tx.delete(FUNCTIONS, ref.key());
    tx.deletePrefix(VERSIONS, ref.key() + Key.SEPARATOR);
    tx.deletePrefix(ALIASES, ref.key() + Key.SEPARATOR);
  }

  private static <T> List<T> values(List<Row<T>> rows) {
    return rows.stream().map(Row::value).toList();
  }
}
