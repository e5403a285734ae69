package dev.freeway.ecs;

import dev.freeway.ecs.uses.servicediscovery.DiscoverInstancesRequest;
import dev.freeway.ecs.uses.servicediscovery.DnsRecord;
import dev.freeway.ecs.uses.servicediscovery.GetInstanceRequest;
import dev.freeway.ecs.uses.servicediscovery.ListNamespacesRequest;
import dev.freeway.ecs.uses.servicediscovery.ListServicesRequest;
import dev.freeway.ecs.uses.servicediscovery.NamespaceSummary;
import dev.freeway.ecs.uses.servicediscovery.ServiceFilter;
import dev.freeway.ecs.uses.servicediscovery.ServiceSummary;
import dev.freeway.ecs.uses.servicediscovery.ServicediscoveryApi;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Answers DNS questions from Cloud Map, as Route 53 does from the zones that Cloud Map keeps:
/// `SERVICE.NAMESPACE`, and `INSTANCE.SERVICE.NAMESPACE` where SRV records lead.
final class CloudMapNames {
  /// What Route 53 answers at most by the routing policy MULTIVALUE.
  private static final int MULTIVALUE = 8;

  private final Platform platform;

  CloudMapNames(Platform platform) {
    this.platform = platform;
  }

  /// Empty for a name that is in no namespace: others know it.
  Optional<DnsAnswer> answer(Scope scope, DnsQuestion q) {
    Call call = platform.background(scope, "ecs");
    Optional<NamespaceSummary> zone = zone(call, q.name());
    if (zone.isEmpty()) {
      return Optional.empty();
    }
    String name = zone.get().name().toLowerCase(Locale.ROOT);
    long ttl = zone.get().properties().dnsProperties().soa().ttl();
    Optional<Found> found =
        q.name().equals(name)
            ? Optional.of(new Found(List.of(), List.of()))
            : find(
                call, zone.get(), q, q.name().substring(0, q.name().length() - name.length() - 1));
    if (found.isEmpty() && zone.get().type().equals("DNS_PUBLIC")) {
      // The rest of a public zone is where its other names are.
      return Optional.empty();
    }
    return Optional.of(
        found
            .map(f -> new DnsAnswer(true, f.records(), f.additional(), name, ttl))
            .orElseGet(() -> new DnsAnswer(false, List.of(), List.of(), name, ttl)));
  }

  private record Found(List<DnsAnswer.Entry> records, List<DnsAnswer.Entry> additional) {}

  /// The namespace with the longest name that this one ends with.
  private Optional<NamespaceSummary> zone(Call call, String name) {
    List<NamespaceSummary> all = new ArrayList<>();
    String token = null;
    do {
      var page =
          platform
              .clients()
              .call(
                  call,
                  ServicediscoveryApi.LIST_NAMESPACES,
                  ListNamespacesRequest.builder().nextToken(token).build());
      all.addAll(page.namespaces());
      token = page.nextToken();
    } while (token != null);
    return all.stream()
        .filter(n -> n.type().startsWith("DNS_"))
        .filter(n -> ("." + name).endsWith("." + n.name().toLowerCase(Locale.ROOT)))
        .max(Comparator.comparing(n -> n.name().length()));
  }

  private Optional<Found> find(Call call, NamespaceSummary zone, DnsQuestion q, String rest) {
    List<ServiceSummary> services = services(call, zone);
    for (ServiceSummary s : services) {
      if (s.name().equalsIgnoreCase(rest) && s.dnsConfig() != null) {
        return Optional.of(service(call, zone, s, q));
      }
    }
    return services.stream()
        .filter(s -> s.dnsConfig() != null)
        .filter(s -> rest.endsWith("." + s.name().toLowerCase(Locale.ROOT)))
        .max(Comparator.comparing(s -> s.name().length()))
        .flatMap(
            s ->
                instance(call, s, rest.substring(0, rest.length() - s.name().length() - 1))
                    .map(a -> new Found(addresses(s, q.name(), q, a), List.of())));
  }

  private List<ServiceSummary> services(Call call, NamespaceSummary zone) {
    List<ServiceSummary> all = new ArrayList<>();
    String token = null;
    do {
      var page =
          platform
              .clients()
              .call(
                  call,
                  ServicediscoveryApi.LIST_SERVICES,
                  ListServicesRequest.builder()
                      .filters(
                          List.of(
                              ServiceFilter.builder()
                                  .name("NAMESPACE_ID")
                                  .values(List.of(zone.id()))
                                  .build()))
                      .nextToken(token)
                      .build());
      all.addAll(page.services());
      token = page.nextToken();
    } while (token != null);
    return all;
  }

  private Optional<Map<String, String>> instance(Call call, ServiceSummary s, String id) {
    try {
      return Optional.of(
          platform
              .clients()
              .call(
                  call,
                  ServicediscoveryApi.GET_INSTANCE,
                  GetInstanceRequest.builder().serviceId(s.id()).instanceId(id).build())
              .instance()
              .attributes());
    } catch (AwsException e) {
      if (e.serverFault()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static Optional<Long> ttl(ServiceSummary s, String type) {
    return s.dnsConfig().dnsRecords().stream()
        .filter(r -> r.type().equals(type))
        .map(DnsRecord::ttl)
        .findFirst();
  }

  /// The healthy instances, in no order: eight of them, or one by the routing policy WEIGHTED. When
  /// none is healthy all count as healthy, as for Route 53.
  private Found service(Call call, NamespaceSummary zone, ServiceSummary s, DnsQuestion q) {
    boolean one = "WEIGHTED".equals(s.dnsConfig().routingPolicy());
    var instances =
        platform
            .clients()
            .call(
                call,
                ServicediscoveryApi.DISCOVER_INSTANCES,
                DiscoverInstancesRequest.builder()
                    .namespaceName(zone.name())
                    .serviceName(s.name())
                    .healthStatus("HEALTHY_OR_ELSE_ALL")
                    .maxResults(one ? 1 : MULTIVALUE)
                    .build())
            .instances();
    List<DnsAnswer.Entry> records = new ArrayList<>();
    List<DnsAnswer.Entry> additional = new ArrayList<>();
    Optional<Long> srv = ttl(s, "SRV");
    for (var i : instances) {
      records.addAll(addresses(s, q.name(), q, i.attributes()));
      String port = i.attributes().get("AWS_INSTANCE_PORT");
      if (srv.isPresent() && q.asks(DnsQuestion.SRV) && port != null) {
        String host = i.instanceId() + "." + s.name() + "." + zone.name();
        records.add(DnsAnswer.Entry.service(q.name(), srv.get(), Integer.parseInt(port), host));
        address(i.attributes().get("AWS_INSTANCE_IPV4"))
            .ifPresent(a -> additional.add(DnsAnswer.Entry.address(host, srv.get(), a)));
      }
    }
    return new Found(records, additional);
  }

  private static List<DnsAnswer.Entry> addresses(
      ServiceSummary s, String owner, DnsQuestion q, Map<String, String> attributes) {
    List<DnsAnswer.Entry> all = new ArrayList<>();
    // What an SRV record names has an address, whether the service itself has A records or not.
    boolean host = !owner.startsWith(s.name().toLowerCase(Locale.ROOT) + ".");
    Optional<Long> a = ttl(s, "A").or(() -> host ? ttl(s, "SRV") : Optional.empty());
    Optional<Long> aaaa = ttl(s, "AAAA").or(() -> host ? ttl(s, "SRV") : Optional.empty());
    if (a.isPresent() && q.asks(DnsQuestion.A)) {
      address(attributes.get("AWS_INSTANCE_IPV4"))
          .ifPresent(x -> all.add(DnsAnswer.Entry.address(owner, a.get(), x)));
    }
    if (aaaa.isPresent() && q.asks(DnsQuestion.AAAA)) {
      address(attributes.get("AWS_INSTANCE_IPV6"))
          .ifPresent(x -> all.add(DnsAnswer.Entry.address(owner, aaaa.get(), x)));
    }
    String target = attributes.get("AWS_INSTANCE_CNAME");
    if (target != null) {
      ttl(s, "CNAME").ifPresent(t -> all.add(DnsAnswer.Entry.alias(owner, t, target)));
    }
    return all;
  }

  private static Optional<byte[]> address(@Nullable String text) {
    return Optional.ofNullable(text).map(t -> InetAddress.ofLiteral(t).getAddress());
  }
}
