package dev.freeway.s3;

import dev.freeway.platform.Arn;
import dev.freeway.platform.Scope;
import dev.freeway.platform.TaggedResource;
import dev.freeway.platform.TaggedResources;
import dev.freeway.s3.api.Tagging;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Buckets for the tagging API. Their ARNs have neither account nor region.
record TaggedBuckets(Buckets buckets) implements TaggedResources {
  @Override
  public String service() {
    return "s3";
  }

  @Override
  public List<TaggedResource> list(ReadTx tx, Scope scope) {
    return buckets.of(tx, scope.account()).stream()
        .filter(b -> b.region().equals(scope.region()))
        .map(b -> new TaggedResource(b.arn(), tags(tx, b)))
        .toList();
  }

  private static Map<String, String> tags(ReadTx tx, Bucket b) {
    Map<String, String> all = new LinkedHashMap<>();
    BucketSettings.TAGS
        .find(tx, b.name())
        .ifPresent(t -> t.tagSet().forEach(x -> all.put(x.key(), x.value())));
    return all;
  }

  @Override
  public boolean change(Tx tx, Arn arn, UnaryOperator<Map<String, String>> to) {
    return buckets
        .find(tx, arn.resource())
        .map(
            b -> {
              Map<String, String> all = to.apply(tags(tx, b));
              if (all.isEmpty()) {
                BucketSettings.TAGS.delete(tx, b.name());
              } else {
                BucketSettings.TAGS.put(tx, b.name(), new Tagging(Tags.list(all)));
              }
              return true;
            })
        .orElse(false);
  }
}
