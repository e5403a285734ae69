package dev.freeway.secretsmanager;

import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.secretsmanager.api.SecretsmanagerErrors;
import dev.freeway.secretsmanager.api.UpdateSecretVersionStageRequest;
import dev.freeway.secretsmanager.api.UpdateSecretVersionStageResponse;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Moves a staging label from version to version.
final class Stages
    implements Handler<UpdateSecretVersionStageRequest, UpdateSecretVersionStageResponse> {
  private final Store store;
  private final Secrets secrets;

  Stages(Store store, Secrets secrets) {
    this.store = store;
    this.secrets = secrets;
  }

  @Override
  public UpdateSecretVersionStageResponse handle(Call call, UpdateSecretVersionStageRequest in) {
    return store.write(
        tx -> {
          Secret s = secrets.requireOwn(tx, call, in.secretId());
          checkFrom(s, in);
          Secret next = in.moveToVersionId() == null ? removed(s, in) : moved(s, in);
          secrets.save(tx, next.edit().changed(call.at()).build());
          return new UpdateSecretVersionStageResponse(s.arn(), s.name());
        });
  }

  private static void checkFrom(Secret s, UpdateSecretVersionStageRequest in) {
    String at = s.staged(in.versionStage()).map(Secret.Version::id).orElse(null);
    String from = in.removeFromVersionId();
    if (at != null && from == null && !at.equals(in.moveToVersionId())) {
      throw SecretsmanagerErrors.invalidParameterException(
          "The parameter RemoveFromVersionId can't be empty. Staging label "
              + in.versionStage()
              + " is currently attached to version "
              + at
              + ", so you must explicitly reference that version in RemoveFromVersionId.");
    }
    if (from != null && !s.versions().containsKey(from)) {
      throw noVersion(from);
    }
    if (from != null && !from.equals(at)) {
      throw SecretsmanagerErrors.invalidParameterException(
          "The parameter RemoveFromVersionId doesn't match: staging label "
              + in.versionStage()
              + " is "
              + (at == null ? "attached to no version." : "attached to version " + at + "."));
    }
  }

  private static Secret moved(Secret s, UpdateSecretVersionStageRequest in) {
    if (!s.versions().containsKey(in.moveToVersionId())) {
      throw noVersion(in.moveToVersionId());
    }
    return s.moved(List.of(in.versionStage()), in.moveToVersionId());
  }

  private static Secret removed(Secret s, UpdateSecretVersionStageRequest in) {
    if (in.removeFromVersionId() == null) {
      throw SecretsmanagerErrors.invalidParameterException(
          "You must provide MoveToVersionId or RemoveFromVersionId.");
    }
    if (in.versionStage().equals(Secret.CURRENT)) {
      throw SecretsmanagerErrors.invalidParameterException(
          "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.");
    }
    Map<String, Secret.Version> all = new LinkedHashMap<>(s.versions());
    all.computeIfPresent(
        in.removeFromVersionId(),
        (id, v) -> {
          List<String> left = new ArrayList<>(v.stages());
          left.remove(in.versionStage());
          return v.withStages(left);
        });
    return s.edit().versions(all).build();
  }

  private static dev.freeway.wire.AwsException noVersion(String id) {
    return SecretsmanagerErrors.resourceNotFoundException(
        "Secrets Manager can't find the specified secret value for VersionId: " + id);
  }
}
