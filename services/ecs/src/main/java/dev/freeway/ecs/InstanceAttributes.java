package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.util.ArrayList;
import java.util.List;

/// Attributes of container instances.
final class InstanceAttributes {
  private static final int PAGE = 100;
  private static final int MOST = 10;

  private final Platform platform;
  private final Clusters clusters;
  private final Instances instances;

  InstanceAttributes(Platform platform, Clusters clusters, Instances instances) {
    this.platform = platform;
    this.clusters = clusters;
    this.instances = instances;
  }

  private ContainerInstance target(Tx tx, Call call, Cluster cluster, Attribute a) {
    if (a.targetId() == null) {
      throw EcsErrors.invalidParameterException("targetId cannot be empty.");
    }
    return instances
        .find(tx, call.scope(), cluster.clusterName(), a.targetId())
        .orElseThrow(
            () ->
                EcsErrors.targetNotFoundException(
                    "The specified target wasn't found: " + a.targetId()));
  }

  PutAttributesResponse put(Call call, PutAttributesRequest in) {
    platform
        .store()
        .update(
            tx -> {
              Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
              for (Attribute a : in.attributes()) {
                ContainerInstance i = target(tx, call, cluster, a);
                List<Attribute> all = new ArrayList<>(i.attributes());
                all.removeIf(x -> x.name().equals(a.name()));
                all.add(Attribute.builder().name(a.name()).value(a.value()).build());
                if (all.stream().filter(x -> !x.name().startsWith("ecs.")).count() > MOST) {
                  throw EcsErrors.attributeLimitExceededException(
                      "A resource can have at most 10 custom attributes.");
                }
                instances.save(
                    tx, call.scope(), cluster.clusterName(), i.toBuilder().attributes(all).build());
              }
            });
    return PutAttributesResponse.builder().attributes(in.attributes()).build();
  }

  DeleteAttributesResponse delete(Call call, DeleteAttributesRequest in) {
    List<Attribute> gone = new ArrayList<>();
    platform
        .store()
        .update(
            tx -> {
              Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
              for (Attribute a : in.attributes()) {
                ContainerInstance i = target(tx, call, cluster, a);
                List<Attribute> left =
                    i.attributes().stream()
                        .filter(
                            x ->
                                !x.name().equals(a.name())
                                    || a.value() != null && !a.value().equals(x.value()))
                        .toList();
                if (left.size() < i.attributes().size()) {
                  gone.add(a);
                }
                instances.save(
                    tx,
                    call.scope(),
                    cluster.clusterName(),
                    i.toBuilder().attributes(left).build());
              }
            });
    return DeleteAttributesResponse.builder().attributes(gone).build();
  }

  ListAttributesResponse list(Call call, ListAttributesRequest in) {
    List<Attribute> all = new ArrayList<>();
    platform
        .store()
        .read(
            tx -> {
              Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
              for (ContainerInstance i : instances.all(tx, call.scope(), cluster.clusterName())) {
                i.attributes().stream()
                    .filter(a -> in.attributeName() == null || in.attributeName().equals(a.name()))
                    .filter(
                        a -> in.attributeValue() == null || in.attributeValue().equals(a.value()))
                    .forEach(
                        a ->
                            all.add(
                                a.toBuilder()
                                    .targetId(i.containerInstanceArn())
                                    .targetType("container-instance")
                                    .build()));
              }
              return all;
            });
    all.sort(java.util.Comparator.comparing(a -> a.targetId() + " " + a.name()));
    var page =
        Page.of(
            all,
            a -> a.targetId() + " " + a.name(),
            in.nextToken(),
            in.maxResults(),
            PAGE,
            Ecs.badToken());
    return ListAttributesResponse.builder()
        .attributes(page.items())
        .nextToken(page.nextToken())
        .build();
  }
}
