package dev.freeway.secretsmanager;

import dev.freeway.platform.Call;
import dev.freeway.secretsmanager.api.SecretsmanagerErrors;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Adds versions: once per token, with the stages moved.
final class Writes {
  private static final int MOST = 100;
  private static final int MOST_STAGES = 20;

  private final Store store;
  private final Secrets secrets;
  private final Vault vault;

  Writes(Store store, Secrets secrets, Vault vault) {
    this.store = store;
    this.secrets = secrets;
    this.vault = vault;
  }

  /// Whether this token already made a version with this very value; refuses one with another.
  boolean repeats(Call call, Secret secret, String token, Value value) {
    if (!secret.versions().containsKey(token)) {
      return false;
    }
    Optional<SealedValue> stored = store.read(tx -> secrets.value(tx, secret, token));
    // A rotation stages its version before there is a value.
    if (stored.isEmpty()) {
      return false;
    }
    if (vault.open(call, secret, token, stored.get()).same(value)) {
      return true;
    }
    throw SecretsmanagerErrors.resourceExistsException(
        "You can't use ClientRequestToken "
            + token
            + " because that value is already in use for a version of secret "
            + secret.arn()
            + ".");
  }

  /// Stores a version that [Vault#seal] has encrypted; the secret as it then is.
  Secret add(
      Tx tx, Call call, Secret secret, String token, List<String> stages, SealedValue value) {
    if (stages.size() > MOST_STAGES) {
      throw SecretsmanagerErrors.limitExceededException(
          "A version can have at most " + MOST_STAGES + " staging labels.");
    }
    Map<String, Secret.Version> versions = new LinkedHashMap<>(secret.versions());
    versions.put(
        token,
        new Secret.Version(
            token,
            List.of(),
            call.at(),
            secret.kmsKeyId() == null ? "DefaultEncryptionKey" : secret.kmsKeyId(),
            null));
    Secret next = secret.edit().versions(versions).changed(call.at()).build().moved(stages, token);
    next = forgetOldest(tx, next);
    secrets.saveValue(tx, next, token, value);
    secrets.save(tx, next);
    return next;
  }

  private Secret forgetOldest(Tx tx, Secret secret) {
    Map<String, Secret.Version> kept = new LinkedHashMap<>(secret.versions());
    for (Secret.Version v : secret.versions().values()) {
      if (kept.size() > MOST && v.stages().isEmpty()) {
        kept.remove(v.id());
        secrets.deleteValue(tx, secret, v.id());
      }
    }
    return secret.edit().versions(kept).build();
  }
}
