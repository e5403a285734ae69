package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import java.util.ArrayList;
import java.util.List;

/// Settings of an account's registry in a region.
final class RegistrySettings {
  private final Store store;
  private final Repositories repositories;
  private final ScanSettings scanning;
  private final StoredImages images;
  private final StoredScans scans;
  private final Scanner scanner;

  RegistrySettings(
      Store store,
      Repositories repositories,
      ScanSettings scanning,
      StoredImages images,
      StoredScans scans,
      Scanner scanner) {
    this.store = store;
    this.repositories = repositories;
    this.scanning = scanning;
    this.images = images;
    this.scans = scans;
    this.scanner = scanner;
  }

  DescribeRegistryResponse describe(Call call, DescribeRegistryRequest in) {
    return DescribeRegistryResponse.builder()
        .registryId(call.account())
        .replicationConfiguration(
            new ReplicationConfiguration(
                store.read(tx -> StoredRegistry.of(tx, call.scope())).replication()))
        .build();
  }

  PutRegistryScanningConfigurationResponse putScanning(
      Call call, PutRegistryScanningConfigurationRequest in) {
    ScanSettings.Scanning s =
        new ScanSettings.Scanning(in.scanType() == null ? "BASIC" : in.scanType(), in.rules());
    if (!s.enhanced()
        && s.rules().stream().anyMatch(r -> r.scanFrequency().equals("CONTINUOUS_SCAN"))) {
      throw EcrErrors.invalidParameterException(
          "Invalid parameter at 'scanFrequency' failed to satisfy constraint: 'CONTINUOUS_SCAN is only supported with scan type ENHANCED'");
    }
    store.update(
        tx -> {
          scanning.save(tx, call.scope(), s);
          if (s.enhanced()) {
            scanWhatIsThere(tx, call.scope(), s);
          }
        });
    return PutRegistryScanningConfigurationResponse.builder()
        .registryScanningConfiguration(new RegistryScanningConfiguration(s.scanType(), s.rules()))
        .build();
  }

  GetRegistryScanningConfigurationResponse scanning(
      Call call, GetRegistryScanningConfigurationRequest in) {
    ScanSettings.Scanning s = store.read(tx -> scanning.of(tx, call.scope()));
    return GetRegistryScanningConfigurationResponse.builder()
        .registryId(call.account())
        .scanningConfiguration(new RegistryScanningConfiguration(s.scanType(), s.rules()))
        .build();
  }

  BatchGetRepositoryScanningConfigurationResponse scanningOf(
      Call call, BatchGetRepositoryScanningConfigurationRequest in) {
    ScanSettings.Scanning s = store.read(tx -> scanning.of(tx, call.scope()));
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

  /// Enhanced scanning takes in the images that were pushed before it was switched on.
  private void scanWhatIsThere(Tx tx, Scope scope, ScanSettings.Scanning s) {
    for (StoredRepository r : repositories.all(tx, scope)) {
      if (!ScanSettings.applied(s, r).frequency().equals("MANUAL")) {
        images.all(tx, r).stream()
            .filter(Scanner::scannable)
            .filter(i -> scans.find(tx, r, i.digest()).filter(StoredScan::enhanced).isEmpty())
            .forEach(i -> scanner.request(tx, r, i, true));
      }
    }
  }

  private static RepositoryScanningConfiguration applied(
      ScanSettings.Scanning s, StoredRepository r) {
    ScanSettings.Applied applied = ScanSettings.applied(s, r);
    return view(r, applied.frequency(), applied.filters());
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
}
