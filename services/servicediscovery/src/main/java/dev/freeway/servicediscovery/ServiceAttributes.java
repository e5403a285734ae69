package dev.freeway.servicediscovery;

import dev.freeway.platform.Call;
import dev.freeway.servicediscovery.api.DeleteServiceAttributesRequest;
import dev.freeway.servicediscovery.api.DeleteServiceAttributesResponse;
import dev.freeway.servicediscovery.api.GetServiceAttributesRequest;
import dev.freeway.servicediscovery.api.GetServiceAttributesResponse;
import dev.freeway.servicediscovery.api.ServicediscoveryErrors;
import dev.freeway.servicediscovery.api.UpdateServiceAttributesRequest;
import dev.freeway.servicediscovery.api.UpdateServiceAttributesResponse;
import dev.freeway.store.Store;
import java.util.Map;
import java.util.TreeMap;

/// What is said of a service as a whole.
final class ServiceAttributes {
  private static final int MOST = 30;

  private final Store store;
  private final Registry registry;

  ServiceAttributes(Store store, Registry registry) {
    this.store = store;
    this.registry = registry;
  }

  GetServiceAttributesResponse get(Call call, GetServiceAttributesRequest in) {
    StoredService s = store.read(tx -> registry.service(tx, call.scope(), in.serviceId()));
    return GetServiceAttributesResponse.builder()
        .serviceAttributes(
            dev.freeway.servicediscovery.api.ServiceAttributes.builder()
                .serviceArn(s.arn())
                .resourceOwner(s.account())
                .attributes(s.attributes())
                .build())
        .build();
  }

  UpdateServiceAttributesResponse update(Call call, UpdateServiceAttributesRequest in) {
    if (in.attributes().isEmpty()) {
      throw ServicediscoveryErrors.invalidInput("Attributes must not be empty.");
    }
    store.update(
        tx -> {
          StoredService s = registry.service(tx, call.scope(), in.serviceId());
          Map<String, String> all = new TreeMap<>(s.attributes());
          all.putAll(in.attributes());
          if (all.size() > MOST) {
            throw ServicediscoveryErrors.serviceAttributesLimitExceededException(
                "A service can have at most " + MOST + " attributes.");
          }
          registry.save(tx, s.withAttributes(all));
        });
    return UpdateServiceAttributesResponse.builder().build();
  }

  DeleteServiceAttributesResponse delete(Call call, DeleteServiceAttributesRequest in) {
    store.update(
        tx -> {
          StoredService s = registry.service(tx, call.scope(), in.serviceId());
          Map<String, String> all = new TreeMap<>(s.attributes());
          in.attributes().forEach(all::remove);
          registry.save(tx, s.withAttributes(all));
        });
    return DeleteServiceAttributesResponse.builder().build();
  }
}
