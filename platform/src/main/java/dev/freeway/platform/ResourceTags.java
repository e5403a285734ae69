package dev.freeway.platform;

import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Tags of a service's resources by their ARN, as TagResource, UntagResource and
/// ListTagsForResource have them. Resources of other accounts are as if they were not there.
public final class ResourceTags {
  private static final int MOST = 50;

  private final Store store;
  private final List<TaggedResources> kinds;
  private final Function<Arn, AwsException> missing;
  private final Supplier<AwsException> tooMany;

  /// @param kinds few resources each: they are looked through one by one
  /// @param missing the service's error for an ARN of nothing
  /// @param tooMany and for more than 50 tags
  public ResourceTags(
      Store store,
      List<TaggedResources> kinds,
      Function<Arn, AwsException> missing,
      Supplier<AwsException> tooMany) {
    this.store = store;
    this.kinds = List.copyOf(kinds);
    this.missing = missing;
    this.tooMany = tooMany;
  }

  public void add(Call call, Arn resource, Map<String, String> more) {
    change(
        call,
        resource,
        before -> {
          Map<String, String> all = new HashMap<>(before);
          all.putAll(more);
          if (all.size() > MOST) {
            throw tooMany.get();
          }
          return all;
        });
  }

  public void remove(Call call, Arn resource, Collection<String> keys) {
    change(
        call,
        resource,
        before -> {
          Map<String, String> left = new HashMap<>(before);
          left.keySet().removeAll(keys);
          return left;
        });
  }

  private void change(Call call, Arn resource, UnaryOperator<Map<String, String>> to) {
    boolean own = resource.account().equals(call.account());
    boolean done =
        own && store.write(tx -> kinds.stream().anyMatch(k -> k.change(tx, resource, to)));
    if (!done) {
      throw missing.apply(resource);
    }
  }

  /// By key.
  public SortedMap<String, String> of(Call call, Arn resource) {
    Scope there = new Scope(call.account(), resource.region());
    return store.read(
        tx ->
            kinds.stream()
                .flatMap(k -> k.list(tx, there).stream())
                .filter(r -> r.arn().equals(resource.toString()))
                .findFirst()
                .map(r -> new TreeMap<>(r.tags()))
                .orElseThrow(() -> missing.apply(resource)));
  }
}
