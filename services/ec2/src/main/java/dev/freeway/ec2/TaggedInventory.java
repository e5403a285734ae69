package dev.freeway.ec2;

import dev.freeway.ec2.api.Tag;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.platform.TaggedResource;
import dev.freeway.platform.TaggedResources;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Resources of one type for the tagging API.
record TaggedInventory<T>(Platform platform, Inventory all, ResourceType<T> type)
    implements TaggedResources {
  @Override
  public String service() {
    return "ec2";
  }

  @Override
  public List<TaggedResource> list(ReadTx tx, Scope scope) {
    return all.all(tx, platform.background(scope, "ec2"), type).stream()
        .map(
            r ->
                new TaggedResource(
                    scope.arn("ec2", type.name() + "/" + type.id().apply(r)).toString(), tags(r)))
        .toList();
  }

  private Map<String, String> tags(T resource) {
    Map<String, String> tags = new LinkedHashMap<>();
    type.tagsOf(resource).forEach(t -> tags.put(t.key(), t.value()));
    return tags;
  }

  @Override
  public boolean change(Tx tx, Arn arn, UnaryOperator<Map<String, String>> to) {
    if (!arn.resource().startsWith(type.name() + "/")) {
      return false;
    }
    Call call = platform.background(new Scope(arn.account(), arn.region()), "ec2");
    return all.find(tx, call, type, arn.name())
        .map(
            r -> {
              List<Tag> after =
                  to.apply(tags(r)).entrySet().stream()
                      .map(e -> Tag.builder().key(e.getKey()).value(e.getValue()).build())
                      .toList();
              all.save(tx, call, type, type.withTags().apply(r, after));
              return true;
            })
        .orElse(false);
  }
}
