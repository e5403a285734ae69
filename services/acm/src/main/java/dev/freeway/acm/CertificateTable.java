package dev.freeway.acm;

import dev.freeway.acm.api.AcmErrors;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of certificates.
final class CertificateTable {
  private static final Table<Certificate> TABLE =
      new Table<>("acm_certificates", Certificate.class);

  Optional<Certificate> find(ReadTx tx, String key) {
    return tx.get(TABLE, key);
  }

  Certificate require(ReadTx tx, Call call, String arn) {
    Arn parsed =
        Arn.parse(arn)
            .filter(a -> a.service().equals("acm") && a.resource().startsWith("certificate/"))
            .orElseThrow(() -> AcmErrors.invalidArnException("Invalid ARN: " + arn));
    Scope scope = new Scope(parsed.account(), parsed.region());
    return find(tx, scope.key(parsed.resource().substring("certificate/".length())))
        .filter(c -> c.scope().region().equals(call.region()))
        .orElseThrow(
            () -> AcmErrors.resourceNotFoundException("Could not find certificate " + arn + "."));
  }

  void save(Tx tx, Certificate c) {
    tx.put(TABLE, c.key(), c);
  }

  void delete(Tx tx, Certificate c) {
    tx.delete(TABLE, c.key());
  }

  List<Certificate> all(ReadTx tx, Scope scope) {
    return tx.scan(TABLE, scope.key("")).stream().map(Row::value).toList();
  }
}
