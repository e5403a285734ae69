package dev.freeway.secretsmanager;

import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.secretsmanager.api.SecretsmanagerErrors;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of secrets and of their encrypted values.
final class Secrets {
  private static final Table<Secret> SECRETS = new Table<>("secretsmanager_secrets", Secret.class);
  private static final Table<SealedValue> VALUES =
      new Table<>("secretsmanager_values", SealedValue.class);

  Optional<Secret> named(ReadTx tx, Scope scope, String name) {
    // A name from a request may hold what a key may not.
    return name.chars().anyMatch(c -> c < ' ')
        ? Optional.empty()
        : tx.get(SECRETS, scope.key(name));
  }

  Optional<Secret> find(ReadTx tx, String rowKey) {
    return tx.get(SECRETS, rowKey);
  }

  /// By name, ARN, or ARN without its random end.
  Optional<Secret> find(ReadTx tx, Call call, String id) {
    if (!id.startsWith("arn:")) {
      return named(tx, call.scope(), id);
    }
    Arn arn = Arn.parse(id).orElse(null);
    if (arn == null || !arn.resource().startsWith("secret:")) {
      throw SecretsmanagerErrors.invalidParameterException("Invalid ARN: " + id);
    }
    if (!arn.region().equals(call.region())) {
      return Optional.empty();
    }
    Scope scope = new Scope(arn.account(), arn.region());
    String rest = arn.resource().substring("secret:".length());
    int dash = rest.length() - 7;
    if (dash > 0 && rest.charAt(dash) == '-') {
      Optional<Secret> whole =
          named(tx, scope, rest.substring(0, dash)).filter(s -> s.arn().equals(id));
      if (whole.isPresent()) {
        return whole;
      }
    }
    return named(tx, scope, rest);
  }

  Secret require(ReadTx tx, Call call, String id) {
    return find(tx, call, id)
        .orElseThrow(
            () ->
                SecretsmanagerErrors.resourceNotFoundException(
                    "Secrets Manager can't find the specified secret."));
  }

  /// A secret that is not marked for deletion.
  Secret requireLive(ReadTx tx, Call call, String id) {
    Secret secret = require(tx, call, id);
    if (secret.deleted() != null) {
      throw SecretsmanagerErrors.invalidRequestException(
          "You can't perform this operation on the secret because it was marked for deletion.");
    }
    return secret;
  }

  /// A live secret that may be changed here.
  Secret requireOwn(ReadTx tx, Call call, String id) {
    Secret secret = requireLive(tx, call, id);
    if (secret.isReplica()) {
      throw SecretsmanagerErrors.invalidRequestException(
          "Operation not permitted on a replica secret. Call must be made in primary secret's region.");
    }
    return secret;
  }

  /// The secret that has the versions: a replica's primary, else itself.
  Secret source(ReadTx tx, Secret secret) {
    return secret.primaryRegion() == null
        ? secret
        : named(tx, new Scope(secret.scope().account(), secret.primaryRegion()), secret.name())
            .orElseThrow(() -> new IllegalStateException(secret.arn() + " has no primary"));
  }

  List<Secret> all(ReadTx tx, Scope scope) {
    return tx.scan(SECRETS, scope.key("")).stream().map(Row::value).toList();
  }

  void save(Tx tx, Secret secret) {
    tx.put(SECRETS, secret.scope().key(secret.name()), secret);
  }

  void delete(Tx tx, Secret secret) {
    tx.delete(SECRETS, secret.scope().key(secret.name()));
    tx.deletePrefix(VALUES, secret.scope().key(secret.name(), ""));
  }

  void saveValue(Tx tx, Secret secret, String version, SealedValue value) {
    tx.put(VALUES, secret.scope().key(secret.name(), version), value);
  }

  void deleteValue(Tx tx, Secret secret, String version) {
    tx.delete(VALUES, secret.scope().key(secret.name(), version));
  }

  Optional<SealedValue> value(ReadTx tx, Secret secret, String version) {
    return tx.get(VALUES, secret.scope().key(secret.name(), version));
  }
}
