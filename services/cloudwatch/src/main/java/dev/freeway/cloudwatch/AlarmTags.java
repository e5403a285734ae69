package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.CloudwatchErrors;
import dev.freeway.cloudwatch.api.ListTagsForResourceInput;
import dev.freeway.cloudwatch.api.ListTagsForResourceOutput;
import dev.freeway.cloudwatch.api.Tag;
import dev.freeway.cloudwatch.api.TagResourceInput;
import dev.freeway.cloudwatch.api.TagResourceOutput;
import dev.freeway.cloudwatch.api.UntagResourceInput;
import dev.freeway.cloudwatch.api.UntagResourceOutput;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.platform.TaggedResource;
import dev.freeway.platform.TaggedResources;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Tags of alarms and dashboards.
final class AlarmTags {
  private static final int MOST = 50;

  private final Store store;
  private final List<TaggedResources> kinds;

  AlarmTags(Store store, List<TaggedResources> kinds) {
    this.store = store;
    this.kinds = kinds;
  }

  static Map<String, String> map(@Nullable List<Tag> tags) {
    Map<String, String> all = new LinkedHashMap<>();
    for (Tag t : tags == null ? List.<Tag>of() : tags) {
      if (t.key().startsWith("aws:")) {
        throw Refusals.value("Tag keys starting with 'aws:' are reserved for system use");
      }
      Texts.check(t.key(), "Tags");
      Texts.check(t.value(), "Tags");
      all.put(t.key(), t.value());
    }
    if (all.size() > MOST) {
      throw Refusals.value("A resource can have at most 50 tags.");
    }
    return all;
  }

  TagResourceOutput tag(Call call, TagResourceInput in) {
    Map<String, String> more = map(in.tags());
    change(
        in.resourceARN(),
        before -> {
          Map<String, String> all = new LinkedHashMap<>(before);
          all.putAll(more);
          if (all.size() > MOST) {
            throw Refusals.value("A resource can have at most 50 tags.");
          }
          return all;
        });
    return TagResourceOutput.builder().build();
  }

  UntagResourceOutput untag(Call call, UntagResourceInput in) {
    change(
        in.resourceARN(),
        before -> {
          Map<String, String> left = new LinkedHashMap<>(before);
          in.tagKeys().forEach(left::remove);
          return left;
        });
    return UntagResourceOutput.builder().build();
  }

  private void change(String text, UnaryOperator<Map<String, String>> to) {
    Arn arn = arn(text);
    store.update(
        tx -> {
          if (kinds.stream().noneMatch(k -> k.change(tx, arn, to))) {
            throw unknown(text);
          }
        });
  }

  ListTagsForResourceOutput list(Call call, ListTagsForResourceInput in) {
    Arn arn = arn(in.resourceARN());
    Map<String, String> tags =
        store.read(
            tx ->
                kinds.stream()
                    .flatMap(k -> k.list(tx, new Scope(arn.account(), arn.region())).stream())
                    .filter(r -> r.arn().equals(in.resourceARN()))
                    .map(TaggedResource::tags)
                    .findFirst()
                    .orElseThrow(() -> unknown(in.resourceARN())));
    return ListTagsForResourceOutput.builder()
        .tags(
            tags.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> new Tag(e.getKey(), e.getValue()))
                .toList())
        .build();
  }

  private static Arn arn(String text) {
    return Arn.parse(text)
        .filter(a -> a.service().equals("cloudwatch"))
        .orElseThrow(() -> Refusals.wrong(text, "ResourceARN"));
  }

  private static AwsException unknown(String arn) {
    return CloudwatchErrors.resourceNotFoundException(arn + " does not exist");
  }
}
