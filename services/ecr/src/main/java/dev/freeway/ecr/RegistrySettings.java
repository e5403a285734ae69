package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.Key;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import java.util.ArrayList;
import java.util.List;

/// Settings of an account's registry in a region.
final class RegistrySettings {
  private static final Table<Scanning> SCANNING = new Table<>("ecr_scanning", Scanning.class);

  record Scanning(String scanType, List<RegistryScanningRule> rules) {
    Scanning {
      rules = rules == null ? List.of() : rules;
    }
  }

  private final Store store;
  private final Repositories repositories;

  RegistrySettings(Store store, Repositories repositories) {
    this.store = store;
    this.repositories = repositories;
  }

  DescribeRegistryResponse describe(Call call, DescribeRegistryRequest in) {
    return DescribeRegistryResponse.builder()
        .registryId(call.account())
        .replicationConfiguration(new ReplicationConfiguration(List.of()))
        .build();
  }

  PutRegistryScanningConfigurationResponse putScanning(
      Call call, PutRegistryScanningConfigurationRequest in) {
    Scanning s = new Scanning(in.scanType() == null ? "BASIC" : in.scanType(), in.rules());
    store.update(tx -> tx.put(SCANNING, key(call), s));
    return PutRegistryScanningConfigurationResponse.builder()
        .registryScanningConfiguration(new RegistryScanningConfiguration(s.scanType(), s.rules()))
        .build();
  }

  GetRegistryScanningConfigurationResponse scanning(
      Call call, GetRegistryScanningConfigurationRequest in) {
    Scanning s = get(call);
    return GetRegistryScanningConfigurationResponse.builder()
        .registryId(call.account())
        .scanningConfiguration(new RegistryScanningConfiguration(s.scanType(), s.rules()))
        .build();
  }

  BatchGetRepositoryScanningConfigurationResponse scanningOf(
      Call call, BatchGetRepositoryScanningConfigurationRequest in) {
    Scanning s = get(call);
    List<RepositoryScanningConfiguration> found = new ArrayList<>();
    List<RepositoryScanningConfigurationFailure> failures = new ArrayList<>();
    for (String name : in.repositoryNames()) {
      store
          .read(tx -> repositories.find(tx, call.scope(), name))
          .ifPresentOrElse(
              r -> found.add(applied(s, r)),
              () ->
                  failures.add(
                      new RepositoryScanningConfigurationFailure(
                          name, "REPOSITORY_NOT_FOUND", "REPOSITORY_NOT_FOUND")));
    }
    return BatchGetRepositoryScanningConfigurationResponse.builder()
        .scanningConfigurations(found)
        .failures(failures)
        .build();
  }

  private static RepositoryScanningConfiguration applied(Scanning s, StoredRepository r) {
    for (RegistryScanningRule rule : s.rules()) {
      List<ScanningRepositoryFilter> matching =
          rule.repositoryFilters().stream()
              .filter(f -> StoredRepository.wildcard(f.filter(), r.name()))
              .toList();
      if (!matching.isEmpty()) {
        return view(r, rule.scanFrequency(), matching);
      }
    }
    return view(r, r.scanOnPush() ? "SCAN_ON_PUSH" : "MANUAL", List.of());
  }

  private static RepositoryScanningConfiguration view(
      StoredRepository r, String frequency, List<ScanningRepositoryFilter> filters) {
    return RepositoryScanningConfiguration.builder()
        .repositoryArn(r.arn())
        .repositoryName(r.name())
        .scanOnPush(frequency.equals("SCAN_ON_PUSH"))
        .scanFrequency(frequency)
        .appliedScanFilters(filters)
        .build();
  }

  private Scanning get(Call call) {
    return store.read(tx -> tx.get(SCANNING, key(call))).orElse(new Scanning("BASIC", List.of()));
  }

  private static String key(Call call) {
    return Key.of(call.account(), call.region());
  }
}
