package dev.freeway.events;

import dev.freeway.events.api.*;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Tags of buses and rules.
final class EventTags {
  private final Store store;
  private final Buses buses;
  private final Rules rules;

  EventTags(Store store, Buses buses, Rules rules) {
    this.store = store;
    this.buses = buses;
    this.rules = rules;
  }

  TagResourceResponse tag(Call call, TagResourceRequest in) {
    change(in.resourceARN(), tags -> in.tags().forEach(t -> tags.put(t.key(), t.value())));
    return TagResourceResponse.builder().build();
  }

  UntagResourceResponse untag(Call call, UntagResourceRequest in) {
    change(in.resourceARN(), tags -> in.tagKeys().forEach(tags::remove));
    return UntagResourceResponse.builder().build();
  }

  ListTagsForResourceResponse list(Call call, ListTagsForResourceRequest in) {
    Map<String, String> tags = change(in.resourceARN(), t -> {});
    List<Tag> sorted =
        tags.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> new Tag(e.getKey(), e.getValue()))
            .toList();
    return ListTagsForResourceResponse.builder().tags(sorted).build();
  }

  private Map<String, String> change(String text, Consumer<Map<String, String>> change) {
    Arn arn = Arn.parse(text).orElseThrow(() -> missing(text));
    return store.write(tx -> change(tx, arn, text, change));
  }

  private Map<String, String> change(
      Tx tx, Arn arn, String text, Consumer<Map<String, String>> change) {
    Scope scope = new Scope(arn.account(), arn.region());
    String[] parts = arn.resource().split("/");
    Map<String, String> tags;
    if (parts[0].equals("event-bus")) {
      Bus bus = buses.require(tx, scope, parts[1]);
      tags = new LinkedHashMap<>(bus.tags());
      change.accept(tags);
      buses.save(tx, bus.withTags(tags));
    } else if (parts[0].equals("rule")) {
      StoredRule rule =
          parts.length > 2
              ? rules.require(tx, scope, parts[1], parts[2])
              : rules.require(tx, scope, Bus.DEFAULT, parts[1]);
      tags = new LinkedHashMap<>(rule.tags());
      change.accept(tags);
      rules.save(tx, rule.withTags(tags));
    } else {
      throw missing(text);
    }
    return tags;
  }

  private static dev.freeway.wire.AwsException missing(String arn) {
    return EventsErrors.resourceNotFoundException("Resource " + arn + " does not exist.");
  }
}
