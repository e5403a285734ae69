package dev.freeway.ec2;

import dev.freeway.ec2.api.CreateTagsRequest;
import dev.freeway.ec2.api.DeleteTagsRequest;
import dev.freeway.ec2.api.DescribeTagsRequest;
import dev.freeway.ec2.api.DescribeTagsResult;
import dev.freeway.ec2.api.Tag;
import dev.freeway.ec2.api.TagDescription;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure.Empty;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Tags of any resource, by its id alone.
final class Tagging {
  private static final ResourceType<TagDescription> TAG =
      ResourceType.of(
              "tag",
              "",
              TagDescription.class,
              TagDescription::resourceId,
              t -> List.of(),
              (t, x) -> t,
              "InvalidID",
              "The ID '%s' is not valid")
          .filter("key", TagDescription::key)
          .filter("value", TagDescription::value)
          .filter("resource-id", TagDescription::resourceId)
          .filter("resource-type", TagDescription::resourceType)
          .filter("tag-value", TagDescription::value);

  private final Inventory all;
  private final List<ResourceType<?>> types;

  Tagging(Inventory all, List<ResourceType<?>> types) {
    this.all = all;
    this.types = types;
  }

  Empty create(Call call, CreateTagsRequest in) {
    all.update(
        call,
        tx ->
            in.resources()
                .forEach(
                    id ->
                        change(
                            tx,
                            call,
                            type(id),
                            id,
                            tags -> TagSpecifications.merge(tags, in.tags()))));
    return new Empty();
  }

  Empty delete(Call call, DeleteTagsRequest in) {
    all.update(
        call,
        tx ->
            in.resources()
                .forEach(id -> change(tx, call, type(id), id, tags -> without(tags, in.tags()))));
    return new Empty();
  }

  // Without tags all go; a tag with a value goes only with that value.
  private static List<Tag> without(List<Tag> tags, @Nullable List<Tag> gone) {
    if (gone == null || gone.isEmpty()) {
      return List.of();
    }
    return tags.stream()
        .filter(
            t ->
                gone.stream()
                    .noneMatch(
                        g ->
                            t.key().equals(g.key())
                                && (g.value() == null || g.value().equals(t.value()))))
        .toList();
  }

  private <T> void change(
      Tx tx, Call call, ResourceType<T> type, String id, UnaryOperator<List<Tag>> to) {
    T resource = all.require(tx, call, type, id);
    all.save(tx, call, type, type.withTags().apply(resource, to.apply(type.tagsOf(resource))));
  }

  private ResourceType<?> type(String id) {
    return types.stream()
        .filter(t -> id.startsWith(t.prefix()))
        .max(Comparator.comparingInt(t -> t.prefix().length()))
        .orElseThrow(() -> AwsException.client("InvalidID", "The ID '" + id + "' is not valid"));
  }

  DescribeTagsResult describe(Call call, DescribeTagsRequest in) {
    Filters<TagDescription> filters = new Filters<>(TAG, in.filters());
    List<TagDescription> found = new ArrayList<>();
    all.read(
        call,
        tx -> {
          types.forEach(t -> collect(tx, call, t, found));
          return true;
        });
    List<TagDescription> sorted =
        found.stream().filter(filters::matches).sorted(Comparator.comparing(Tagging::key)).toList();
    var page =
        Page.of(
            sorted,
            Tagging::key,
            in.nextToken(),
            in.maxResults(),
            1000,
            AwsException.client("InvalidParameterValue", "The token is not valid."));
    return DescribeTagsResult.builder().tags(page.items()).nextToken(page.nextToken()).build();
  }

  private <T> void collect(
      dev.freeway.store.ReadTx tx, Call call, ResourceType<T> type, List<TagDescription> into) {
    for (T resource : all.all(tx, call, type)) {
      for (Tag t : type.tagsOf(resource)) {
        into.add(
            TagDescription.builder()
                .resourceId(type.id().apply(resource))
                .resourceType(type.name())
                .key(t.key())
                .value(t.value())
                .build());
      }
    }
  }

  private static String key(TagDescription t) {
    return t.resourceId() + " " + t.key();
  }
}
