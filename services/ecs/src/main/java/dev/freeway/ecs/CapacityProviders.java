package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Capacity providers: the two of Fargate, and those made of Auto Scaling groups. A group's
/// instances are the container instances registered in the cluster; no group is scaled.
final class CapacityProviders {
  static final Set<String> FARGATE = Set.of("FARGATE", "FARGATE_SPOT");
  private static final Table<CapacityProvider> TABLE =
      new Table<>("ecs_capacity_providers", CapacityProvider.class);
  private static final int PAGE = 10;

  private final Store store;
  private final Clusters clusters;

  CapacityProviders(Store store, Clusters clusters) {
    this.store = store;
    this.clusters = clusters;
  }

  static boolean exists(ReadTx tx, Call call, String nameOrArn) {
    String name = Clusters.name(nameOrArn);
    return FARGATE.contains(name)
        || tx.get(TABLE, call.scope().key(name))
            .filter(p -> p.status().equals("ACTIVE"))
            .isPresent();
  }

  CreateCapacityProviderResponse create(Call call, CreateCapacityProviderRequest in) {
    if (in.managedInstancesProvider() != null) {
      throw EcsErrors.unsupportedFeatureException(
          "Freeway's ECS has no managed instances: container instances are registered by hand.");
    }
    String name = in.name();
    boolean reserved = name.matches("(?i)(aws|ecs|fargate).*");
    if (!name.matches("[a-zA-Z0-9_-]{1,255}") || reserved) {
      throw EcsErrors.clientException(
          "The capacity provider name '"
              + name
              + "' is invalid. It can contain up to 255 letters, numbers, underscores and hyphens, and must not begin with aws, ecs or fargate.");
    }
    if (in.autoScalingGroupProvider() == null) {
      throw EcsErrors.invalidParameterException(
          "A capacity provider needs an autoScalingGroupProvider.");
    }
    CapacityProvider made =
        store.write(
            tx -> {
              String key = call.scope().key(name);
              if (tx.get(TABLE, key).filter(p -> p.status().equals("ACTIVE")).isPresent()) {
                throw EcsErrors.clientException(
                    "The specified capacity provider already exists. To change the configuration of an existing capacity provider, use UpdateCapacityProvider.");
              }
              CapacityProvider p =
                  CapacityProvider.builder()
                      .capacityProviderArn(call.arn("ecs", "capacity-provider/" + name).toString())
                      .name(name)
                      .status("ACTIVE")
                      .autoScalingGroupProvider(
                          merged(
                              AutoScalingGroupProvider.builder()
                                  .autoScalingGroupArn(
                                      in.autoScalingGroupProvider().autoScalingGroupArn())
                                  .managedScaling(
                                      ManagedScaling.builder().status("DISABLED").build())
                                  .managedTerminationProtection("DISABLED")
                                  .managedDraining("ENABLED")
                                  .build(),
                              in.autoScalingGroupProvider().managedScaling(),
                              in.autoScalingGroupProvider().managedTerminationProtection(),
                              in.autoScalingGroupProvider().managedDraining()))
                      .tags(EcsTags.given(in.tags()))
                      .type("EC2_AUTOSCALING")
                      .build();
              tx.put(TABLE, key, p);
              return p;
            });
    return CreateCapacityProviderResponse.builder().capacityProvider(made).build();
  }

  private static AutoScalingGroupProvider merged(
      AutoScalingGroupProvider base,
      @Nullable ManagedScaling scaling,
      @Nullable String protection,
      @Nullable String draining) {
    return base.toBuilder()
        .managedScaling(scaling == null ? base.managedScaling() : scaling)
        .managedTerminationProtection(
            protection == null ? base.managedTerminationProtection() : protection)
        .managedDraining(draining == null ? base.managedDraining() : draining)
        .build();
  }

  UpdateCapacityProviderResponse update(Call call, UpdateCapacityProviderRequest in) {
    if (in.autoScalingGroupProvider() == null) {
      throw EcsErrors.invalidParameterException("autoScalingGroupProvider is required.");
    }
    AutoScalingGroupProviderUpdate u = in.autoScalingGroupProvider();
    CapacityProvider after =
        store.write(
            tx -> {
              CapacityProvider p = require(tx, call, in.name());
              CapacityProvider changed =
                  p.toBuilder()
                      .autoScalingGroupProvider(
                          merged(
                              p.autoScalingGroupProvider(),
                              u.managedScaling(),
                              u.managedTerminationProtection(),
                              u.managedDraining()))
                      .updateStatus("UPDATE_COMPLETE")
                      .build();
              tx.put(TABLE, call.scope().key(p.name()), changed);
              return changed;
            });
    return UpdateCapacityProviderResponse.builder().capacityProvider(after).build();
  }

  private static CapacityProvider require(ReadTx tx, Call call, String nameOrArn) {
    return tx.get(TABLE, call.scope().key(Clusters.name(nameOrArn)))
        .filter(p -> p.status().equals("ACTIVE"))
        .orElseThrow(
            () ->
                EcsErrors.clientException(
                    "The specified capacity provider does not exist. Specify a valid name or ARN and try again."));
  }

  DeleteCapacityProviderResponse delete(Call call, DeleteCapacityProviderRequest in) {
    String name = Clusters.name(in.capacityProvider());
    if (FARGATE.contains(name)) {
      throw EcsErrors.clientException(
          "The specified capacity provider is reserved and cannot be deleted.");
    }
    CapacityProvider gone =
        store.write(
            tx -> {
              CapacityProvider p = require(tx, call, name);
              boolean used =
                  clusters.all(tx, call.scope()).stream()
                      .filter(c -> c.status().equals("ACTIVE"))
                      .anyMatch(
                          c ->
                              c.capacityProviders() != null
                                  && c.capacityProviders().contains(name));
              if (used) {
                throw EcsErrors.clientException(
                    "The capacity provider cannot be deleted because it is associated with a cluster. Remove the capacity provider from the cluster and try again.");
              }
              tx.delete(TABLE, call.scope().key(name));
              return p.toBuilder().status("INACTIVE").updateStatus("DELETE_COMPLETE").build();
            });
    return DeleteCapacityProviderResponse.builder().capacityProvider(gone).build();
  }

  DescribeCapacityProvidersResponse describe(Call call, DescribeCapacityProvidersRequest in) {
    boolean tags = in.include() != null && in.include().contains("TAGS");
    Map<String, CapacityProvider> all = new LinkedHashMap<>();
    for (String name : FARGATE.stream().sorted().toList()) {
      all.put(
          name,
          CapacityProvider.builder()
              .capacityProviderArn(call.arn("ecs", "capacity-provider/" + name).toString())
              .name(name)
              .status("ACTIVE")
              .type(name)
              .tags(List.of())
              .build());
    }
    store.read(tx -> tx.scan(TABLE, Key.prefix(call.account(), call.region()))).stream()
        .map(Row::value)
        .forEach(p -> all.put(p.name(), tags ? p : p.toBuilder().tags(List.of()).build()));
    List<Failure> failures = new ArrayList<>();
    List<CapacityProvider> found = new ArrayList<>();
    if (in.capacityProviders() == null || in.capacityProviders().isEmpty()) {
      found.addAll(all.values());
    } else {
      for (String name : in.capacityProviders()) {
        CapacityProvider p = all.get(Clusters.name(name));
        if (p == null) {
          failures.add(Failure.builder().arn(name).reason("MISSING").build());
        } else {
          found.add(p);
        }
      }
    }
    found.sort(java.util.Comparator.comparing(CapacityProvider::name));
    var page =
        Page.of(
            found, CapacityProvider::name, in.nextToken(), in.maxResults(), PAGE, Ecs.badToken());
    return DescribeCapacityProvidersResponse.builder()
        .capacityProviders(page.items())
        .failures(failures)
        .nextToken(page.nextToken())
        .build();
  }
}
