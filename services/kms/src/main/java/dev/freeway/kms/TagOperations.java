package dev.freeway.kms;

import dev.freeway.kms.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tags of keys.
final class TagOperations {
  private static final int PAGE = 50;
  private static final int MOST = 50;

  private final Store store;
  private final Keys keys;

  TagOperations(Store store, Keys keys) {
    this.store = store;
    this.keys = keys;
  }

  static Map<String, String> checked(Map<String, String> before, List<Tag> more) {
    Map<String, String> all = new HashMap<>(before);
    for (Tag t : more) {
      if (t.tagKey().startsWith("aws:")) {
        throw KmsErrors.tagException("Tag keys that start with aws: are AWS's own: " + t.tagKey());
      }
      all.put(t.tagKey(), t.tagValue());
    }
    if (all.size() > MOST) {
      throw KmsErrors.tagException("A key can have at most " + MOST + " tags");
    }
    return all;
  }

  Structure.Empty tag(Call call, TagResourceRequest in) {
    store.update(
        tx -> {
          StoredKey key = keys.requireOwn(tx, call, in.keyId());
          KeyOperations.refuseDeleted(key);
          keys.save(tx, key.withTags(checked(key.tags(), in.tags())));
        });
    return KeyOperations.NOTHING;
  }

  Structure.Empty untag(Call call, UntagResourceRequest in) {
    store.update(
        tx -> {
          StoredKey key = keys.requireOwn(tx, call, in.keyId());
          KeyOperations.refuseDeleted(key);
          Map<String, String> left = new HashMap<>(key.tags());
          in.tagKeys().forEach(left::remove);
          keys.save(tx, key.withTags(left));
        });
    return KeyOperations.NOTHING;
  }

  ListResourceTagsResponse list(Call call, ListResourceTagsRequest in) {
    StoredKey key = store.read(tx -> keys.require(tx, call, in.keyId()));
    List<Tag> all =
        key.tags().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> new Tag(e.getKey(), e.getValue()))
            .toList();
    var page = Markers.page(all, Tag::tagKey, in.marker(), in.limit(), PAGE);
    return ListResourceTagsResponse.builder()
        .tags(page.items())
        .nextMarker(page.nextToken())
        .truncated(page.nextToken() != null)
        .build();
  }
}
