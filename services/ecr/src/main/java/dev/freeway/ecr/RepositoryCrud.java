package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Scope;
import dev.freeway.store.Store;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Repositories: create, describe, delete, and the settings of one.
final class RepositoryCrud {
  private static final int PAGE = 100;
  private static final String NAME =
      "(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*";

  private final Store store;
  private final Repositories repositories;
  private final StoredImages images;
  private final Layers layers;
  private final StoredScans scans;

  RepositoryCrud(
      Store store,
      Repositories repositories,
      StoredImages images,
      Layers layers,
      StoredScans scans) {
    this.store = store;
    this.repositories = repositories;
    this.images = images;
    this.layers = layers;
    this.scans = scans;
  }

  static boolean isName(String name) {
    return name.matches(NAME);
  }

  static Scope scope(Call call, @Nullable String registryId) {
    return registryId == null ? call.scope() : new Scope(registryId, call.region());
  }

  CreateRepositoryResponse create(Call call, CreateRepositoryRequest in) {
    Scope scope = scope(call, in.registryId());
    if (!isName(in.repositoryName())) {
      throw EcrErrors.invalidParameterException(
          "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '"
              + NAME
              + "''");
    }
    EncryptionConfiguration encryption =
        in.encryptionConfiguration() == null
            ? EncryptionConfiguration.builder().encryptionType("AES256").build()
            : in.encryptionConfiguration();
    String mutability = in.imageTagMutability() == null ? "MUTABLE" : in.imageTagMutability();
    checkExclusions(mutability, in.imageTagMutabilityExclusionFilters());
    StoredRepository made =
        new StoredRepository(
            scope.account(),
            scope.region(),
            in.repositoryName(),
            call.at(),
            mutability,
            in.imageTagMutabilityExclusionFilters(),
            in.imageScanningConfiguration() != null
                && Boolean.TRUE.equals(in.imageScanningConfiguration().scanOnPush()),
            encryption,
            null,
            null,
            null,
            RepositoryTags.merge(java.util.Map.of(), in.tags()));
    store.update(
        tx -> {
          if (repositories.find(tx, scope, made.name()).isPresent()) {
            throw EcrErrors.repositoryAlreadyExistsException(
                "The repository with name '%s' already exists in the registry with id '%s'"
                    .formatted(made.name(), scope.account()));
          }
          repositories.save(tx, made);
        });
    return CreateRepositoryResponse.builder().repository(view(call, made)).build();
  }

  DescribeRepositoriesResponse describe(Call call, DescribeRepositoriesRequest in) {
    Scope scope = scope(call, in.registryId());
    List<String> names = in.repositoryNames();
    if (names != null && !names.isEmpty()) {
      return DescribeRepositoriesResponse.builder()
          .repositories(
              store.read(
                  tx ->
                      names.stream()
                          .map(n -> view(call, repositories.require(tx, scope, n)))
                          .toList()))
          .build();
    }
    var page =
        Page.of(
            store.read(tx -> repositories.all(tx, scope)),
            StoredRepository::name,
            in.nextToken(),
            in.maxResults(),
            PAGE,
            Ecr.badToken());
    return DescribeRepositoriesResponse.builder()
        .repositories(page.map(r -> view(call, r)))
        .nextToken(page.nextToken())
        .build();
  }

  DeleteRepositoryResponse delete(Call call, DeleteRepositoryRequest in) {
    Scope scope = scope(call, in.registryId());
    Set<String> gone = new HashSet<>();
    StoredRepository deleted =
        store.write(
            tx -> {
              StoredRepository r = repositories.require(tx, scope, in.repositoryName());
              if (!Boolean.TRUE.equals(in.force()) && images.any(tx, r)) {
                throw EcrErrors.repositoryNotEmptyException(
                    "The repository with name '%s' in registry with id '%s' cannot be deleted because it still contains images"
                        .formatted(r.name(), scope.account()));
              }
              images.deleteAll(tx, r);
              scans.deleteAll(tx, r);
              Replication.forget(tx, r);
              Signing.forget(tx, r);
              LifecyclePolicies.forget(tx, r);
              for (StoredLayer l : layers.all(tx, r)) {
                layers.remove(tx, r, l.digest());
                gone.add(l.digest());
              }
              repositories.delete(tx, r);
              return r;
            });
    Ecr.io(
        () -> {
          layers.discard(gone);
          return gone;
        });
    return DeleteRepositoryResponse.builder().repository(view(call, deleted)).build();
  }

  PutImageTagMutabilityResponse putMutability(Call call, PutImageTagMutabilityRequest in) {
    Scope scope = scope(call, in.registryId());
    checkExclusions(in.imageTagMutability(), in.imageTagMutabilityExclusionFilters());
    store.update(
        tx ->
            repositories.save(
                tx,
                repositories
                    .require(tx, scope, in.repositoryName())
                    .withMutability(
                        in.imageTagMutability(), in.imageTagMutabilityExclusionFilters())));
    return PutImageTagMutabilityResponse.builder()
        .registryId(scope.account())
        .repositoryName(in.repositoryName())
        .imageTagMutability(in.imageTagMutability())
        .imageTagMutabilityExclusionFilters(in.imageTagMutabilityExclusionFilters())
        .build();
  }

  PutImageScanningConfigurationResponse putScanning(
      Call call, PutImageScanningConfigurationRequest in) {
    Scope scope = scope(call, in.registryId());
    boolean onPush = Boolean.TRUE.equals(in.imageScanningConfiguration().scanOnPush());
    store.update(
        tx ->
            repositories.save(
                tx, repositories.require(tx, scope, in.repositoryName()).withScanOnPush(onPush)));
    return PutImageScanningConfigurationResponse.builder()
        .registryId(scope.account())
        .repositoryName(in.repositoryName())
        .imageScanningConfiguration(new ImageScanningConfiguration(onPush))
        .build();
  }

  static void checkExclusions(
      String mutability, @Nullable List<ImageTagMutabilityExclusionFilter> filters) {
    boolean given = filters != null && !filters.isEmpty();
    if (given != mutability.endsWith("_WITH_EXCLUSION")) {
      throw EcrErrors.invalidParameterException(
          given
              ? "Invalid parameter at 'imageTagMutabilityExclusionFilters' failed to satisfy constraint: 'Exclusion filters can only be given with IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION'"
              : "Invalid parameter at 'imageTagMutabilityExclusionFilters' failed to satisfy constraint: 'Member must not be null'");
    }
  }

  /// The host that answers is the registry's: docker treats localhost as plain HTTP.
  private static Repository view(Call call, StoredRepository r) {
    String host = call.endpoint().substring(call.endpoint().indexOf("//") + 2);
    return Repository.builder()
        .repositoryArn(r.arn())
        .registryId(r.account())
        .repositoryName(r.name())
        .repositoryUri(host + "/" + r.account() + "/" + r.region() + "/" + r.name())
        .createdAt(r.createdAt())
        .imageTagMutability(r.mutability())
        .imageTagMutabilityExclusionFilters(r.exclusions().isEmpty() ? null : r.exclusions())
        .imageScanningConfiguration(new ImageScanningConfiguration(r.scanOnPush()))
        .encryptionConfiguration(r.encryption())
        .build();
  }
}
