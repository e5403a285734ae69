package dev.freeway.servicediscovery;

import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.servicediscovery.api.DeregisterInstanceRequest;
import dev.freeway.servicediscovery.api.DeregisterInstanceResponse;
import dev.freeway.servicediscovery.api.GetInstanceRequest;
import dev.freeway.servicediscovery.api.GetInstanceResponse;
import dev.freeway.servicediscovery.api.GetInstancesHealthStatusRequest;
import dev.freeway.servicediscovery.api.GetInstancesHealthStatusResponse;
import dev.freeway.servicediscovery.api.Instance;
import dev.freeway.servicediscovery.api.InstanceSummary;
import dev.freeway.servicediscovery.api.ListInstancesRequest;
import dev.freeway.servicediscovery.api.ListInstancesResponse;
import dev.freeway.servicediscovery.api.RegisterInstanceRequest;
import dev.freeway.servicediscovery.api.RegisterInstanceResponse;
import dev.freeway.servicediscovery.api.ServicediscoveryErrors;
import dev.freeway.servicediscovery.api.UpdateInstanceCustomHealthStatusRequest;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Instances of services.
final class InstanceCrud {
  private static final int MOST = 1000;

  private final Store store;
  private final Registry registry;
  private final OperationLog operations;

  InstanceCrud(Store store, Registry registry, OperationLog operations) {
    this.store = store;
    this.registry = registry;
    this.operations = operations;
  }

  /// An instance that is there gets the new attributes, and keeps its health.
  RegisterInstanceResponse register(Call call, RegisterInstanceRequest in) {
    String id =
        store.write(
            tx -> {
              StoredService s = registry.service(tx, call.scope(), in.serviceId());
              InstanceCheck.check(s, in.attributes());
              StoredInstance before = registry.find(tx, s, in.instanceId()).orElse(null);
              if (before == null && registry.count(tx, s) >= MOST) {
                throw ServicediscoveryErrors.resourceLimitExceeded(
                    "A service can have at most " + MOST + " instances.");
              }
              String first = in.attributes().getOrDefault("AWS_INIT_HEALTH_STATUS", "HEALTHY");
              StoredInstance i =
                  new StoredInstance(
                      in.instanceId(),
                      in.attributes(),
                      in.creatorRequestId(),
                      before == null ? first : before.health());
              if (!i.equals(before)) {
                registry.save(tx, s, i);
              }
              return operations.done(tx, call, "REGISTER_INSTANCE", targets(s, i.id()), null);
            });
    return RegisterInstanceResponse.builder().operationId(id).build();
  }

  private static Map<String, String> targets(StoredService s, String instance) {
    return Map.of("SERVICE", s.id(), "INSTANCE", instance);
  }

  DeregisterInstanceResponse deregister(Call call, DeregisterInstanceRequest in) {
    String id =
        store.write(
            tx -> {
              StoredService s = registry.service(tx, call.scope(), in.serviceId());
              registry.delete(tx, s, registry.instance(tx, s, in.instanceId()));
              return operations.done(
                  tx, call, "DEREGISTER_INSTANCE", targets(s, in.instanceId()), null);
            });
    return DeregisterInstanceResponse.builder().operationId(id).build();
  }

  GetInstanceResponse get(Call call, GetInstanceRequest in) {
    StoredInstance i =
        store.read(
            tx ->
                registry.instance(
                    tx, registry.service(tx, call.scope(), in.serviceId()), in.instanceId()));
    return GetInstanceResponse.builder()
        .resourceOwner(call.account())
        .instance(
            Instance.builder()
                .id(i.id())
                .creatorRequestId(i.requestId())
                .attributes(i.attributes())
                .createdByAccount(call.account())
                .build())
        .build();
  }

  ListInstancesResponse list(Call call, ListInstancesRequest in) {
    List<StoredInstance> all =
        store.read(
            tx -> registry.instances(tx, registry.service(tx, call.scope(), in.serviceId())));
    var page = page(all, in.nextToken(), in.maxResults());
    return ListInstancesResponse.builder()
        .resourceOwner(call.account())
        .instances(
            page.map(
                i ->
                    InstanceSummary.builder()
                        .id(i.id())
                        .attributes(i.attributes())
                        .createdByAccount(call.account())
                        .build()))
        .nextToken(page.nextToken())
        .build();
  }

  private static Page<StoredInstance> page(
      List<StoredInstance> all, @Nullable String token, @Nullable Integer max) {
    return Page.of(all, StoredInstance::id, token, max, Filters.PAGE, Filters.badToken());
  }

  GetInstancesHealthStatusResponse health(Call call, GetInstancesHealthStatusRequest in) {
    return store.read(
        tx -> {
          StoredService s = registry.service(tx, call.scope(), in.serviceId());
          var page = page(asked(tx, s, in.instances()), in.nextToken(), in.maxResults());
          Map<String, String> status = new LinkedHashMap<>();
          page.items().forEach(i -> status.put(i.id(), i.status(s)));
          return GetInstancesHealthStatusResponse.builder()
              .status(status)
              .nextToken(page.nextToken())
              .build();
        });
  }

  private List<StoredInstance> asked(ReadTx tx, StoredService s, @Nullable List<String> instances) {
    return instances == null || instances.isEmpty()
        ? registry.instances(tx, s)
        : instances.stream().sorted().map(i -> registry.instance(tx, s, i)).toList();
  }

  Structure.Empty update(Call call, UpdateInstanceCustomHealthStatusRequest in) {
    store.update(
        tx -> {
          StoredService s = registry.service(tx, call.scope(), in.serviceId());
          StoredInstance i = registry.instance(tx, s, in.instanceId());
          if (!s.customHealth()) {
            throw ServicediscoveryErrors.customHealthNotFound(
                "The service %s has no HealthCheckCustomConfig.".formatted(s.id()));
          }
          if (!i.health().equals(in.status())) {
            registry.save(tx, s, i.withHealth(in.status()));
          }
        });
    return new Structure.Empty();
  }
}
