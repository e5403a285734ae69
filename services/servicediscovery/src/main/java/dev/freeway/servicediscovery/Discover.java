package dev.freeway.servicediscovery;

import dev.freeway.platform.Call;
import dev.freeway.servicediscovery.api.DiscoverInstancesRequest;
import dev.freeway.servicediscovery.api.DiscoverInstancesResponse;
import dev.freeway.servicediscovery.api.DiscoverInstancesRevisionRequest;
import dev.freeway.servicediscovery.api.DiscoverInstancesRevisionResponse;
import dev.freeway.servicediscovery.api.HttpInstanceSummary;
import dev.freeway.servicediscovery.api.ServicediscoveryErrors;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds instances by the names of namespace and service.
final class Discover {
  private static final int PAGE = 100;

  private final Store store;
  private final Registry registry;

  Discover(Store store, Registry registry) {
    this.store = store;
    this.registry = registry;
  }

  private record Found(StoredNamespace namespace, StoredService service) {}

  private Found find(ReadTx tx, Call call, String namespace, String service) {
    StoredNamespace n =
        registry
            .named(tx, call.scope(), namespace)
            .orElseThrow(() -> ServicediscoveryErrors.namespaceNotFound("Namespace not found"));
    return registry.services(tx, n).stream()
        .filter(s -> n.dns() ? s.name().equalsIgnoreCase(service) : s.name().equals(service))
        .findFirst()
        .map(s -> new Found(n, s))
        .orElseThrow(() -> ServicediscoveryErrors.serviceNotFound("Service not found"));
  }

  DiscoverInstancesResponse instances(Call call, DiscoverInstancesRequest in) {
    record Seen(Found found, List<StoredInstance> instances) {}
    Seen seen =
        store.read(
            tx -> {
              Found f = find(tx, call, in.namespaceName(), in.serviceName());
              return new Seen(f, registry.instances(tx, f.service()));
            });
    StoredService s = seen.found().service();
    List<StoredInstance> fit =
        seen.instances().stream().filter(i -> matches(in.queryParameters(), i)).toList();
    List<StoredInstance> better =
        fit.stream().filter(i -> matches(in.optionalParameters(), i)).toList();
    List<StoredInstance> all =
        new ArrayList<>(healthy(s, better.isEmpty() ? fit : better, in.healthStatus()));
    // As on AWS in no order, so that callers spread over them.
    Collections.shuffle(all);
    int most = in.maxResults() == null ? PAGE : in.maxResults();
    return DiscoverInstancesResponse.builder()
        .instances(all.stream().limit(most).map(i -> view(seen.found(), i)).toList())
        .instancesRevision(s.revision())
        .build();
  }

  private static List<StoredInstance> healthy(
      StoredService s, List<StoredInstance> all, @Nullable String wanted) {
    // Without a check every instance counts as healthy.
    List<StoredInstance> well = all.stream().filter(i -> !i.status(s).equals("UNHEALTHY")).toList();
    return switch (wanted == null ? "HEALTHY_OR_ELSE_ALL" : wanted) {
      case "ALL" -> all;
      case "HEALTHY" -> well;
      case "UNHEALTHY" -> all.stream().filter(i -> i.status(s).equals("UNHEALTHY")).toList();
      default -> well.isEmpty() ? all : well;
    };
  }

  private static boolean matches(@Nullable Map<String, String> wanted, StoredInstance i) {
    return wanted == null || i.attributes().entrySet().containsAll(wanted.entrySet());
  }

  private static HttpInstanceSummary view(Found f, StoredInstance i) {
    return HttpInstanceSummary.builder()
        .instanceId(i.id())
        .namespaceName(f.namespace().name())
        .serviceName(f.service().name())
        .healthStatus(i.status(f.service()))
        .attributes(i.attributes())
        .build();
  }

  DiscoverInstancesRevisionResponse revision(Call call, DiscoverInstancesRevisionRequest in) {
    Found f = store.read(tx -> find(tx, call, in.namespaceName(), in.serviceName()));
    return DiscoverInstancesRevisionResponse.builder()
        .instancesRevision(f.service().revision())
        .build();
  }
}
