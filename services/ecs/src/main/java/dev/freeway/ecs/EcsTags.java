package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Tags of clusters, services, tasks and task definitions, by ARN.
final class EcsTags {
  private static final int MAX = 50;

  private final Store store;
  private final Clusters clusters;
  private final TaskDefinitions definitions;
  private final Tasks tasks;
  private final Services services;
  private final Instances instances;
  private final TaskSets sets;

  EcsTags(
      Store store,
      Clusters clusters,
      TaskDefinitions definitions,
      Tasks tasks,
      Services services,
      Instances instances,
      TaskSets sets) {
    this.store = store;
    this.clusters = clusters;
    this.definitions = definitions;
    this.tasks = tasks;
    this.services = services;
    this.instances = instances;
    this.sets = sets;
  }

  TagResourceResponse tag(Call call, TagResourceRequest in) {
    change(
        in.resourceArn(),
        before -> {
          Map<String, Tag> all = byKey(before);
          given(in.tags()).forEach(t -> all.put(t.key(), t));
          if (all.size() > MAX) {
            throw EcsErrors.invalidParameterException(
                "Too many tags: a resource can have at most 50.");
          }
          return List.copyOf(all.values());
        });
    return TagResourceResponse.builder().build();
  }

  UntagResourceResponse untag(Call call, UntagResourceRequest in) {
    change(
        in.resourceArn(),
        before -> {
          Map<String, Tag> all = byKey(before);
          in.tagKeys().forEach(all::remove);
          return List.copyOf(all.values());
        });
    return UntagResourceResponse.builder().build();
  }

  ListTagsForResourceResponse list(Call call, ListTagsForResourceRequest in) {
    return ListTagsForResourceResponse.builder()
        .tags(change(in.resourceArn(), before -> before))
        .build();
  }

  /// A caller's tags. Throws InvalidParameterException for keys that are AWS's own.
  static List<Tag> given(@Nullable List<Tag> tags) {
    for (Tag t : tags == null ? List.<Tag>of() : tags) {
      if (t.key() == null || t.key().toLowerCase(Locale.ROOT).startsWith("aws:")) {
        throw EcsErrors.invalidParameterException(
            "Invalid tag key '%s': keys that start with aws: are reserved.".formatted(t.key()));
      }
    }
    return tags == null ? List.of() : tags;
  }

  private static Map<String, Tag> byKey(List<Tag> tags) {
    Map<String, Tag> all = new LinkedHashMap<>();
    tags.forEach(t -> all.put(t.key(), t));
    return all;
  }

  private List<Tag> change(String text, UnaryOperator<List<Tag>> change) {
    Arn arn = Arn.parse(text).filter(a -> a.service().equals("ecs")).orElseThrow(EcsTags::invalid);
    return store.write(tx -> change(tx, arn, change));
  }

  private List<Tag> change(Tx tx, Arn arn, UnaryOperator<List<Tag>> change) {
    Scope scope = new Scope(arn.account(), arn.region());
    String[] p = arn.resource().split("/");
    switch (p[0]) {
      case "cluster" -> {
        Cluster c = clusters.require(tx, scope, p[1]);
        List<Tag> after = change.apply(c.tags() == null ? List.of() : c.tags());
        clusters.save(tx, scope, c.toBuilder().tags(after).build());
        return after;
      }
      case "container-instance" -> {
        ContainerInstance i = instances.require(tx, scope, p[1], p[p.length - 1]);
        List<Tag> after = change.apply(i.tags() == null ? List.of() : i.tags());
        instances.save(tx, scope, p[1], i.toBuilder().tags(after).build());
        return after;
      }
      case "task-set" -> {
        StoredService s = services.require(tx, scope, p[1], p[2]);
        TaskSet set = sets.require(tx, s, p[3]);
        List<Tag> after = change.apply(set.tags() == null ? List.of() : set.tags());
        sets.save(tx, s, set.toBuilder().tags(after).build());
        return after;
      }
      case "service" -> {
        if (p.length < 3) {
          throw EcsErrors.invalidParameterException(
              "Long arn format must be used for tagging operations");
        }
        StoredService s = services.require(tx, scope, p[1], p[2]);
        List<Tag> after = change.apply(s.service().tags() == null ? List.of() : s.service().tags());
        services.save(tx, s.with(s.service().toBuilder().tags(after).build()));
        return after;
      }
      case "task-definition" -> {
        TaskDefinitions.Stored d =
            definitions
                .find(tx, scope, p[1])
                .orElseThrow(
                    () ->
                        EcsErrors.invalidParameterException(
                            "The specified task definition does not exist. Specify a valid account, family, revision and try again."));
        List<Tag> after = change.apply(d.tags());
        definitions.save(tx, scope, new TaskDefinitions.Stored(d.definition(), after));
        return after;
      }
      case "task" -> {
        if (p.length < 3) {
          throw EcsErrors.invalidParameterException(
              "Long arn format must be used for tagging operations");
        }
        StoredTask t = tasks.require(tx, scope, p[1], p[2]);
        List<Tag> after = change.apply(t.task().tags() == null ? List.of() : t.task().tags());
        tasks.change(tx, t.key(), x -> x.with(x.task().toBuilder().tags(after).build()));
        return after;
      }
      default -> throw invalid();
    }
  }

  private static AwsException invalid() {
    return EcsErrors.invalidParameterException("Invalid Arn format.");
  }
}
