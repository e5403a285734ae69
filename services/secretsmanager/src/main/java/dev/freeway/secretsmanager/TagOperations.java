package dev.freeway.secretsmanager;

import dev.freeway.platform.Call;
import dev.freeway.secretsmanager.api.*;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tags of secrets.
final class TagOperations {
  private static final int MOST = 50;
  static final Structure.Empty NOTHING = new Structure.Empty();

  private final Store store;
  private final Secrets secrets;

  TagOperations(Store store, Secrets secrets) {
    this.store = store;
    this.secrets = secrets;
  }

  static Map<String, String> checked(Map<String, String> before, List<Tag> more) {
    Map<String, String> all = new HashMap<>(before);
    for (Tag t : more) {
      if (t.key() == null || t.key().startsWith("aws:")) {
        throw SecretsmanagerErrors.invalidParameterException(
            "Tag keys must be given and cannot start with aws:");
      }
      all.put(t.key(), t.value() == null ? "" : t.value());
    }
    if (all.size() > MOST) {
      throw SecretsmanagerErrors.invalidParameterException(
          "A secret can have at most " + MOST + " tags.");
    }
    return all;
  }

  static List<Tag> list(Map<String, String> tags) {
    return tags.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> new Tag(e.getKey(), e.getValue()))
        .toList();
  }

  Structure.Empty tag(Call call, TagResourceRequest in) {
    store.update(
        tx -> {
          Secret s = secrets.requireOwn(tx, call, in.secretId());
          secrets.save(tx, s.edit().tags(checked(s.tags(), in.tags())).build());
        });
    return NOTHING;
  }

  Structure.Empty untag(Call call, UntagResourceRequest in) {
    store.update(
        tx -> {
          Secret s = secrets.requireOwn(tx, call, in.secretId());
          Map<String, String> left = new HashMap<>(s.tags());
          in.tagKeys().forEach(left::remove);
          secrets.save(tx, s.edit().tags(left).build());
        });
    return NOTHING;
  }
}
