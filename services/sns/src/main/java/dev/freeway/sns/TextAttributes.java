package dev.freeway.sns;

import dev.freeway.platform.Call;
import dev.freeway.sns.api.GetSMSAttributesInput;
import dev.freeway.sns.api.GetSMSAttributesResponse;
import dev.freeway.sns.api.SetSMSAttributesInput;
import dev.freeway.sns.api.SetSMSAttributesResponse;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import java.util.HashMap;
import java.util.Map;

/// Settings of text messages: kept.
final class TextAttributes {
  record Settings(Map<String, String> values) {}

  private static final Table<Settings> TABLE = new Table<>("sns_sms_attributes", Settings.class);

  private final Store store;

  TextAttributes(Store store) {
    this.store = store;
  }

  SetSMSAttributesResponse set(Call call, SetSMSAttributesInput in) {
    store.update(
        tx -> {
          Map<String, String> all =
              new HashMap<>(tx.get(TABLE, call.key()).map(Settings::values).orElse(Map.of()));
          all.putAll(in.attributes());
          tx.put(TABLE, call.key(), new Settings(all));
        });
    return SetSMSAttributesResponse.builder().build();
  }

  GetSMSAttributesResponse get(Call call, GetSMSAttributesInput in) {
    Map<String, String> all =
        new HashMap<>(
            store.read(tx -> tx.get(TABLE, call.key())).map(Settings::values).orElse(Map.of()));
    if (in.attributes() != null && !in.attributes().isEmpty()) {
      all.keySet().retainAll(in.attributes());
    }
    return new GetSMSAttributesResponse(all);
  }
}
