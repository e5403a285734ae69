package dev.freeway.secretsmanager;

import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.secretsmanager.api.*;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// New values: PutSecretValue and UpdateSecret.
final class PutValues {
  private final Store store;
  private final Secrets secrets;
  private final Vault vault;
  private final Writes writes;

  PutValues(Store store, Secrets secrets, Vault vault, Writes writes) {
    this.store = store;
    this.secrets = secrets;
    this.vault = vault;
    this.writes = writes;
  }

  PutSecretValueResponse put(Call call, PutSecretValueRequest in) {
    Value value = Value.of(in.secretString(), in.secretBinary());
    if (value == null) {
      throw SecretsmanagerErrors.invalidRequestException(
          "You must provide either SecretString or SecretBinary.");
    }
    Secret secret = store.read(tx -> secrets.requireOwn(tx, call, in.secretId()));
    String token = in.clientRequestToken() == null ? Ids.uuid() : in.clientRequestToken();
    Secret now = secret;
    if (!writes.repeats(call, secret, token, value)) {
      List<String> asked =
          in.versionStages() == null ? List.of(Secret.CURRENT) : in.versionStages();
      now = add(call, secret, token, asked, value);
    }
    return PutSecretValueResponse.builder()
        .arn(now.arn())
        .name(now.name())
        .versionId(token)
        .versionStages(Objects.requireNonNull(now.versions().get(token)).stages())
        .build();
  }

  private Secret add(Call call, Secret secret, String token, List<String> asked, Value value) {
    SealedValue sealed = vault.seal(call, secret, token, value);
    return store.write(
        tx -> {
          Secret now = secrets.requireOwn(tx, call, secret.arn());
          List<String> stages = new ArrayList<>(asked);
          // A secret's first version is the current one, whatever was asked.
          if (now.staged(Secret.CURRENT).isEmpty() && !stages.contains(Secret.CURRENT)) {
            stages.add(Secret.CURRENT);
          }
          return writes.add(tx, call, now, token, stages, sealed);
        });
  }

  UpdateSecretResponse update(Call call, UpdateSecretRequest in) {
    Value value = Value.of(in.secretString(), in.secretBinary());
    Secret before = store.read(tx -> secrets.requireOwn(tx, call, in.secretId()));
    if (in.type() != null) {
      throw SecretsmanagerErrors.invalidParameterException(
          "Freeway has no partners that hold secrets: Type is not supported");
    }
    String token = in.clientRequestToken() == null ? Ids.uuid() : in.clientRequestToken();
    Map<String, SealedValue> again = reencrypted(call, before, in.kmsKeyId());
    store.update(
        tx -> {
          Secret now = secrets.requireOwn(tx, call, before.arn());
          SecretEdit edit = now.edit().changed(call.at());
          if (in.description() != null) {
            edit.description(in.description());
          }
          if (in.kmsKeyId() != null) {
            edit.kmsKeyId(in.kmsKeyId()).versions(withKey(now, in.kmsKeyId(), again));
            again.forEach((id, v) -> secrets.saveValue(tx, now, id, v));
          }
          secrets.save(tx, edit.build());
        });
    Secret secret = store.read(tx -> secrets.requireOwn(tx, call, before.arn()));
    if (value != null && !writes.repeats(call, secret, token, value)) {
      add(call, secret, token, List.of(Secret.CURRENT), value);
    }
    return UpdateSecretResponse.builder()
        .arn(secret.arn())
        .name(secret.name())
        .versionId(value == null ? null : token)
        .build();
  }

  // Versions with a stage move to the new key at once, as AWS does it.
  private Map<String, SealedValue> reencrypted(
      Call call, Secret secret, @org.jspecify.annotations.Nullable String keyId) {
    Map<String, SealedValue> all = new LinkedHashMap<>();
    if (keyId != null && !keyId.equals(secret.kmsKeyId())) {
      Secret next = secret.edit().kmsKeyId(keyId).build();
      for (String version : secret.stages().keySet()) {
        store
            .read(tx -> secrets.value(tx, secret, version))
            .map(v -> vault.open(call, secret, version, v))
            .ifPresent(v -> all.put(version, vault.seal(call, next, version, v)));
      }
    }
    return all;
  }

  private static Map<String, Secret.Version> withKey(
      Secret secret, String keyId, Map<String, SealedValue> moved) {
    Map<String, Secret.Version> all = new LinkedHashMap<>(secret.versions());
    all.replaceAll(
        (id, v) ->
            moved.containsKey(id)
                ? new Secret.Version(id, v.stages(), v.created(), keyId, v.accessed())
                : v);
    return all;
  }
}
