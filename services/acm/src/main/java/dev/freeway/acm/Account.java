package dev.freeway.acm;

import dev.freeway.acm.api.ExpiryEventsConfiguration;
import dev.freeway.acm.api.GetAccountConfigurationResponse;
import dev.freeway.acm.api.PutAccountConfigurationRequest;
import dev.freeway.platform.Call;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.wire.Structure;

/// The one setting of an account: kept.
record Account(Store store) {
  record Setting(int daysBeforeExpiry) {}

  private static final Table<Setting> TABLE = new Table<>("acm_account", Setting.class);
  private static final int DAYS = 45;

  GetAccountConfigurationResponse get(Call call, Structure in) {
    int days =
        store.read(tx -> tx.get(TABLE, call.key())).map(Setting::daysBeforeExpiry).orElse(DAYS);
    return new GetAccountConfigurationResponse(new ExpiryEventsConfiguration(days));
  }

  Structure.Empty put(Call call, PutAccountConfigurationRequest in) {
    Integer days = in.expiryEvents() == null ? null : in.expiryEvents().daysBeforeExpiry();
    store.update(tx -> tx.put(TABLE, call.key(), new Setting(days == null ? DAYS : days)));
    return CertificateOperations.NOTHING;
  }
}
