package dev.freeway.secretsmanager;

import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.secretsmanager.api.*;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads values: one, or several at once.
final class ReadValues {
  private static final int BATCH = 20;

  private final Store store;
  private final Secrets secrets;
  private final Vault vault;

  ReadValues(Store store, Secrets secrets, Vault vault) {
    this.store = store;
    this.secrets = secrets;
    this.vault = vault;
  }

  GetSecretValueResponse get(Call call, GetSecretValueRequest in) {
    Secret asked = store.read(tx -> secrets.requireLive(tx, call, in.secretId()));
    Secret source = store.read(tx -> secrets.source(tx, asked));
    Secret.Version version = version(source, in.versionId(), in.versionStage());
    SealedValue sealed =
        store
            .read(tx -> secrets.value(tx, source, version.id()))
            .orElseThrow(() -> noValue("VersionId: " + version.id()));
    Value value = vault.open(call, source, version.id(), sealed);
    noteAccess(call, asked, version);
    return GetSecretValueResponse.builder()
        .arn(asked.arn())
        .name(asked.name())
        .versionId(version.id())
        .secretString(value.text())
        .secretBinary(value.blob())
        .versionStages(version.stages())
        .createdDate(version.created())
        .build();
  }

  private static Secret.Version version(
      Secret secret, @Nullable String id, @Nullable String stage) {
    if (id == null) {
      String label = stage == null ? Secret.CURRENT : stage;
      return secret.staged(label).orElseThrow(() -> noValue("staging label: " + label));
    }
    Secret.Version version = secret.versions().get(id);
    if (version == null) {
      throw noValue("VersionId: " + id);
    }
    if (stage != null && !version.stages().contains(stage)) {
      throw SecretsmanagerErrors.invalidRequestException(
          "You provided a VersionStage that is not associated to the provided VersionId.");
    }
    return version;
  }

  private static AwsException noValue(String what) {
    return SecretsmanagerErrors.resourceNotFoundException(
        "Secrets Manager can't find the specified secret value for " + what);
  }

  // AWS tells the day only; so a secret that is read all the time is written once a day.
  private void noteAccess(Call call, Secret secret, Secret.Version version) {
    Instant today = call.at().truncatedTo(ChronoUnit.DAYS);
    if (today.equals(secret.accessed()) && today.equals(version.accessed())) {
      return;
    }
    store.update(
        tx ->
            secrets
                .named(tx, secret.scope(), secret.name())
                .ifPresent(
                    now -> {
                      Map<String, Secret.Version> all = new LinkedHashMap<>(now.versions());
                      all.computeIfPresent(
                          version.id(),
                          (id, v) ->
                              new Secret.Version(id, v.stages(), v.created(), v.kmsKeyId(), today));
                      secrets.save(tx, now.edit().accessed(today).versions(all).build());
                    }));
  }

  BatchGetSecretValueResponse batch(Call call, BatchGetSecretValueRequest in) {
    boolean byId = in.secretIdList() != null && !in.secretIdList().isEmpty();
    boolean byFilter = in.filters() != null && !in.filters().isEmpty();
    if (byId == byFilter) {
      throw SecretsmanagerErrors.invalidParameterException(
          "Either 'SecretIdList' or 'Filters' must be provided, but not both.");
    }
    if (byId && in.maxResults() != null) {
      throw SecretsmanagerErrors.invalidParameterException(
          "'Filters' must be specified when 'MaxResults' is provided.");
    }
    List<String> ids = byId ? in.secretIdList() : List.of();
    String next = null;
    if (byFilter) {
      SecretFilter filter = new SecretFilter(in.filters());
      List<Secret> all =
          store.read(tx -> secrets.all(tx, call.scope())).stream()
              .filter(s -> s.deleted() == null && filter.matches(s))
              .toList();
      Page<Secret> page =
          Page.of(
              all, Secret::name, in.nextToken(), in.maxResults(), BATCH, ListSecrets.badToken());
      ids = page.map(Secret::arn);
      next = page.nextToken();
    }
    List<SecretValueEntry> values = new ArrayList<>();
    List<APIErrorType> errors = new ArrayList<>();
    for (String id : ids) {
      try {
        values.add(entry(get(call, GetSecretValueRequest.builder().secretId(id).build())));
      } catch (AwsException e) {
        errors.add(
            APIErrorType.builder().secretId(id).errorCode(e.code()).message(e.message()).build());
      }
    }
    return BatchGetSecretValueResponse.builder()
        .secretValues(values)
        .errors(errors)
        .nextToken(next)
        .build();
  }

  private static SecretValueEntry entry(GetSecretValueResponse v) {
    return SecretValueEntry.builder()
        .arn(v.arn())
        .name(v.name())
        .versionId(v.versionId())
        .secretString(v.secretString())
        .secretBinary(v.secretBinary())
        .versionStages(v.versionStages())
        .createdDate(v.createdDate())
        .build();
  }
}
