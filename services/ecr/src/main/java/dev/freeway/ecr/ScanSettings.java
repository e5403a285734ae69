package dev.freeway.ecr;

import dev.freeway.ecr.api.RegistryScanningRule;
import dev.freeway.ecr.api.ScanningRepositoryFilter;
import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;

/// How a registry scans: storage, and what its rules mean for a repository.
final class ScanSettings {
  private static final Table<Scanning> SCANNING = new Table<>("ecr_scanning", Scanning.class);

  /// @param scanType BASIC or ENHANCED
  record Scanning(String scanType, List<RegistryScanningRule> rules) {
    Scanning {
      rules = rules == null ? List.of() : rules;
    }

    boolean enhanced() {
      return scanType.equals("ENHANCED");
    }
  }

  /// @param frequency SCAN_ON_PUSH, CONTINUOUS_SCAN or MANUAL
  /// @param filters of the rule, those that match the repository
  record Applied(String frequency, List<ScanningRepositoryFilter> filters) {}

  Scanning of(ReadTx tx, Scope scope) {
    return tx.get(SCANNING, scope.key()).orElse(new Scanning("BASIC", List.of()));
  }

  void save(Tx tx, Scope scope, Scanning scanning) {
    tx.put(SCANNING, scope.key(), scanning);
  }

  /// The most frequent of the rules that match; the repository's own setting counts when scanning
  /// is basic and none does.
  static Applied applied(Scanning s, StoredRepository r) {
    for (String frequency : List.of("CONTINUOUS_SCAN", "SCAN_ON_PUSH", "MANUAL")) {
      for (RegistryScanningRule rule : s.rules()) {
        List<ScanningRepositoryFilter> matching =
            rule.repositoryFilters().stream()
                .filter(f -> StoredRepository.wildcard(f.filter(), r.name()))
                .toList();
        if (rule.scanFrequency().equals(frequency) && !matching.isEmpty()) {
          return new Applied(frequency, matching);
        }
      }
    }
    return new Applied(!s.enhanced() && r.scanOnPush() ? "SCAN_ON_PUSH" : "MANUAL", List.of());
  }
}
