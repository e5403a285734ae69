package dev.freeway.servicediscovery;

import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.servicediscovery.api.CreateServiceRequest;
import dev.freeway.servicediscovery.api.CreateServiceResponse;
import dev.freeway.servicediscovery.api.DeleteServiceRequest;
import dev.freeway.servicediscovery.api.DeleteServiceResponse;
import dev.freeway.servicediscovery.api.DnsConfig;
import dev.freeway.servicediscovery.api.DnsRecord;
import dev.freeway.servicediscovery.api.GetServiceRequest;
import dev.freeway.servicediscovery.api.GetServiceResponse;
import dev.freeway.servicediscovery.api.ListServicesRequest;
import dev.freeway.servicediscovery.api.ListServicesResponse;
import dev.freeway.servicediscovery.api.ServiceFilter;
import dev.freeway.servicediscovery.api.ServicediscoveryErrors;
import dev.freeway.servicediscovery.api.UpdateServiceRequest;
import dev.freeway.servicediscovery.api.UpdateServiceResponse;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Services.
final class ServiceCrud {
  private final Store store;
  private final Registry registry;
  private final OperationLog operations;

  ServiceCrud(Store store, Registry registry, OperationLog operations) {
    this.store = store;
    this.registry = registry;
    this.operations = operations;
  }

  private static AwsException invalid(String message) {
    return ServicediscoveryErrors.invalidInput(message);
  }

  CreateServiceResponse create(Call call, CreateServiceRequest in) {
    if (in.healthCheckConfig() != null) {
      throw noProbes();
    }
    DnsConfig dns = in.dnsConfig();
    String namespace =
        in.namespaceId() != null ? in.namespaceId() : dns == null ? null : dns.namespaceId();
    if (namespace == null) {
      throw invalid("NamespaceId must be specified.");
    }
    if (dns != null && "HTTP".equals(in.type())) {
      throw invalid("A service of type HTTP cannot have a DnsConfig.");
    }
    if (dns != null) {
      check(dns.dnsRecords(), dns.routingPolicy());
    }
    Map<String, String> tags = TagOperations.map(in.tags());
    return store.write(
        tx -> {
          StoredNamespace n = registry.namespace(tx, call.scope(), namespace);
          if (dns != null && !n.dns()) {
            throw invalid("A service in a namespace of type HTTP cannot have a DnsConfig.");
          }
          StoredService there = there(tx, n, in.name());
          if (there != null) {
            if (in.creatorRequestId() != null && in.creatorRequestId().equals(there.requestId())) {
              return CreateServiceResponse.builder()
                  .service(there.view(registry.count(tx, there)))
                  .build();
            }
            throw ServicediscoveryErrors.serviceAlreadyExists("Service already exists.")
                .with("ServiceId", there.id())
                .with("ServiceArn", there.arn())
                .with("CreatorRequestId", there.requestId());
          }
          StoredService s =
              new StoredService(
                  call.account(),
                  call.region(),
                  Registry.newId("srv"),
                  in.name(),
                  n.id(),
                  dns == null ? "HTTP" : "DNS_HTTP",
                  in.description(),
                  dns == null ? null : routing(dns.dnsRecords(), dns.routingPolicy()),
                  dns == null ? List.of() : dns.dnsRecords(),
                  in.healthCheckCustomConfig() != null,
                  call.at(),
                  in.creatorRequestId() == null ? Ids.uuid() : in.creatorRequestId(),
                  1,
                  Map.of(),
                  tags);
          registry.save(tx, s);
          return CreateServiceResponse.builder().service(s.view(0)).build();
        });
  }

  /// Names of DNS do not differ by case.
  private @Nullable StoredService there(ReadTx tx, StoredNamespace n, String name) {
    return registry.services(tx, n).stream()
        .filter(s -> n.dns() ? s.name().equalsIgnoreCase(name) : s.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  private static AwsException noProbes() {
    return invalid(
        "Freeway has none of Route 53's health checkers, so that HealthCheckConfig cannot be honoured: use HealthCheckCustomConfig.");
  }

  private static String routing(List<DnsRecord> records, @Nullable String asked) {
    boolean name = records.stream().anyMatch(r -> r.type().equals("CNAME"));
    return asked != null ? asked : name ? "WEIGHTED" : "MULTIVALUE";
  }

  private static void check(List<DnsRecord> records, @Nullable String routing) {
    if (records.isEmpty()) {
      throw invalid("DnsConfig must have at least one DNS record.");
    }
    Set<String> types = records.stream().map(DnsRecord::type).collect(Collectors.toSet());
    if (types.size() < records.size()) {
      throw invalid("DnsConfig has two DNS records of one type.");
    }
    if (types.contains("CNAME") && types.size() > 1) {
      throw invalid("A CNAME record cannot be combined with records of other types.");
    }
    if (types.contains("CNAME") && "MULTIVALUE".equals(routing)) {
      throw invalid("The routing policy MULTIVALUE cannot be used with CNAME records.");
    }
  }

  GetServiceResponse get(Call call, GetServiceRequest in) {
    return store.read(
        tx -> {
          StoredService s = registry.service(tx, call.scope(), in.id());
          return GetServiceResponse.builder().service(s.view(registry.count(tx, s))).build();
        });
  }

  ListServicesResponse list(Call call, ListServicesRequest in) {
    List<ServiceFilter> filters = in.filters() == null ? List.of() : in.filters();
    return store.read(
        tx -> {
          List<StoredService> found =
              registry.services(tx, call.scope()).stream()
                  .filter(s -> filters.stream().allMatch(f -> matches(f, s)))
                  .toList();
          var page =
              Page.of(
                  found,
                  StoredService::id,
                  in.nextToken(),
                  in.maxResults(),
                  Filters.PAGE,
                  Filters.badToken());
          return ListServicesResponse.builder()
              .services(page.map(s -> s.summary(registry.count(tx, s))))
              .nextToken(page.nextToken())
              .build();
        });
  }

  private static boolean matches(ServiceFilter f, StoredService s) {
    return f.name().equals("RESOURCE_OWNER")
        ? f.values().contains("SELF")
        : Filters.holds(
            f.condition(),
            f.values().stream().map(v -> v.substring(v.lastIndexOf('/') + 1)).toList(),
            s.namespace());
  }

  /// What the change does not name stays, but for the list of records: a record it lacks is gone.
  UpdateServiceResponse update(Call call, UpdateServiceRequest in) {
    if (in.service().healthCheckConfig() != null) {
      throw noProbes();
    }
    String id =
        store.write(
            tx -> {
              StoredService s = registry.service(tx, call.scope(), in.id());
              List<DnsRecord> records = s.records();
              if (in.service().dnsConfig() != null) {
                records = in.service().dnsConfig().dnsRecords();
                if (s.type().equals("HTTP")) {
                  throw invalid("A service of type HTTP cannot have a DnsConfig.");
                }
                check(records, s.routing());
              }
              String text = in.service().description();
              registry.save(tx, s.with(text == null ? s.description() : text, records));
              return operations.done(tx, call, "UPDATE_SERVICE", Map.of("SERVICE", s.id()), null);
            });
    return UpdateServiceResponse.builder().operationId(id).build();
  }

  DeleteServiceResponse delete(Call call, DeleteServiceRequest in) {
    store.update(
        tx -> {
          StoredService s = registry.service(tx, call.scope(), in.id());
          if (registry.count(tx, s) > 0) {
            throw ServicediscoveryErrors.resourceInUse(
                "Service contains registered instances; delete the instances before deleting the service");
          }
          registry.delete(tx, s);
        });
    return DeleteServiceResponse.builder().build();
  }
}
