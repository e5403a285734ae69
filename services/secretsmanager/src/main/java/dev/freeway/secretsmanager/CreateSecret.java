package dev.freeway.secretsmanager;

import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Ids;
import dev.freeway.secretsmanager.api.CreateSecretRequest;
import dev.freeway.secretsmanager.api.CreateSecretResponse;
import dev.freeway.secretsmanager.api.SecretsmanagerErrors;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes a secret, with its first value if there is one.
final class CreateSecret implements Handler<CreateSecretRequest, CreateSecretResponse> {
  private final Store store;
  private final Secrets secrets;
  private final Vault vault;
  private final Writes writes;
  private final Replication replication;

  CreateSecret(Store store, Secrets secrets, Vault vault, Writes writes, Replication replication) {
    this.store = store;
    this.secrets = secrets;
    this.vault = vault;
    this.writes = writes;
    this.replication = replication;
  }

  @Override
  public CreateSecretResponse handle(Call call, CreateSecretRequest in) {
    if (!in.name().matches("[a-zA-Z0-9/_+=.@!-]+")) {
      throw AwsException.client(
          "ValidationException",
          "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!");
    }
    Value value = Value.of(in.secretString(), in.secretBinary());
    String token = in.clientRequestToken() == null ? Ids.uuid() : in.clientRequestToken();
    Optional<Secret> before = store.read(tx -> secrets.named(tx, call.scope(), in.name()));
    if (before.isPresent()) {
      return again(call, before.get(), token, value);
    }
    Secret fresh = fresh(call, in);
    SealedValue sealed = value == null ? null : vault.seal(call, fresh, token, value);
    var replicas = in.addReplicaRegions();
    Secret made =
        store.write(
            tx -> {
              secrets.named(tx, call.scope(), in.name()).ifPresent(CreateSecret::refuse);
              secrets.save(tx, fresh);
              Secret now =
                  sealed == null
                      ? fresh
                      : writes.add(tx, call, fresh, token, List.of(Secret.CURRENT), sealed);
              return replicas == null
                  ? now
                  : replication.add(
                      tx,
                      call,
                      now,
                      replicas,
                      Boolean.TRUE.equals(in.forceOverwriteReplicaSecret()));
            });
    return answer(made, value == null ? null : token);
  }

  private CreateSecretResponse again(
      Call call, Secret secret, String token, @org.jspecify.annotations.Nullable Value value) {
    if (secret.deleted() == null && value != null && secret.versions().containsKey(token)) {
      writes.repeats(call, secret, token, value);
      return answer(secret, token);
    }
    refuse(secret);
    throw new IllegalStateException();
  }

  private static void refuse(Secret secret) {
    if (secret.deleted() != null) {
      throw SecretsmanagerErrors.invalidRequestException(
          "You can't create this secret because a secret with this name is already scheduled for deletion.");
    }
    throw SecretsmanagerErrors.resourceExistsException(
        "The operation failed because the secret " + secret.name() + " already exists.");
  }

  private static Secret fresh(Call call, CreateSecretRequest in) {
    if (in.type() != null) {
      throw SecretsmanagerErrors.invalidParameterException(
          "Freeway has no partners that hold secrets: Type is not supported");
    }
    return new Secret(
        call.scope(),
        in.name(),
        Ids.alphanumeric(6),
        null,
        in.description(),
        in.kmsKeyId(),
        TagOperations.checked(Map.of(), in.tags() == null ? List.of() : in.tags()),
        null,
        call.at(),
        call.at(),
        null,
        null,
        null,
        null,
        Map.of(),
        Map.of(),
        null);
  }

  private static CreateSecretResponse answer(
      Secret secret, @org.jspecify.annotations.Nullable String version) {
    return CreateSecretResponse.builder()
        .arn(secret.arn())
        .name(secret.name())
        .versionId(version)
        .replicationStatus(secret.replicas().isEmpty() ? null : Replication.status(secret))
        .build();
  }
}
