package dev.freeway.ecr;

import dev.freeway.ecr.scan.Finding;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of scans, by image digest; findings are apart, since they may be many.
final class StoredScans {
  private static final Table<StoredScan> SCANS = new Table<>("ecr_scans", StoredScan.class);
  private static final Table<Findings> FINDINGS = new Table<>("ecr_findings", Findings.class);

  record Findings(List<Finding> all) {}

  Optional<StoredScan> find(ReadTx tx, StoredRepository in, String digest) {
    return tx.get(SCANS, key(in, digest));
  }

  List<Finding> findings(ReadTx tx, StoredRepository in, String digest) {
    return tx.get(FINDINGS, key(in, digest)).map(Findings::all).orElse(List.of());
  }

  void save(Tx tx, StoredRepository in, StoredScan scan) {
    tx.put(SCANS, key(in, scan.digest()), scan);
  }

  void save(Tx tx, StoredRepository in, StoredScan scan, List<Finding> findings) {
    save(tx, in, scan);
    tx.put(FINDINGS, key(in, scan.digest()), new Findings(findings));
  }

  void delete(Tx tx, StoredRepository in, String digest) {
    tx.delete(SCANS, key(in, digest));
    tx.delete(FINDINGS, key(in, digest));
  }

  void deleteAll(Tx tx, StoredRepository in) {
    String all = Key.prefix(in.account(), in.region(), in.name());
    tx.deletePrefix(SCANS, all);
    tx.deletePrefix(FINDINGS, all);
  }

  static String key(StoredRepository in, String digest) {
    return in.scope().key(in.name(), digest);
  }
}
