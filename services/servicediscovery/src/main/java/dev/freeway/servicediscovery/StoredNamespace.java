package dev.freeway.servicediscovery;

import dev.freeway.platform.Scope;
import dev.freeway.servicediscovery.api.DnsProperties;
import dev.freeway.servicediscovery.api.HttpProperties;
import dev.freeway.servicediscovery.api.Namespace;
import dev.freeway.servicediscovery.api.NamespaceProperties;
import dev.freeway.servicediscovery.api.NamespaceSummary;
import dev.freeway.servicediscovery.api.SOA;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A namespace as it is kept.
///
/// @param type HTTP, DNS_PRIVATE or DNS_PUBLIC
/// @param vpc of a private one
/// @param zone the id of its hosted zone; null for HTTP
/// @param soaTtl seconds; 0 for HTTP
record StoredNamespace(
    String account,
    String region,
    String id,
    String name,
    String type,
    @Nullable String description,
    @Nullable String vpc,
    @Nullable String zone,
    long soaTtl,
    Instant created,
    String requestId,
    Map<String, String> tags) {

  StoredNamespace {
    tags = tags == null ? Map.of() : Map.copyOf(tags);
  }

  Scope scope() {
    return new Scope(account, region);
  }

  String arn() {
    return scope().arn("servicediscovery", "namespace/" + id).toString();
  }

  boolean dns() {
    return !type.equals("HTTP");
  }

  StoredNamespace with(@Nullable String text, long ttl) {
    return new StoredNamespace(
        account, region, id, name, type, text, vpc, zone, ttl, created, requestId, tags);
  }

  StoredNamespace withTags(Map<String, String> all) {
    return new StoredNamespace(
        account, region, id, name, type, description, vpc, zone, soaTtl, created, requestId, all);
  }

  private NamespaceProperties properties() {
    return NamespaceProperties.builder()
        .dnsProperties(
            dns()
                ? DnsProperties.builder().hostedZoneId(zone).soa(new SOA(soaTtl)).build()
                : DnsProperties.builder().build())
        .httpProperties(new HttpProperties(name))
        .build();
  }

  Namespace view(int services) {
    return Namespace.builder()
        .id(id)
        .arn(arn())
        .resourceOwner(account)
        .name(name)
        .type(type)
        .description(description)
        .serviceCount(services)
        .properties(properties())
        .createDate(created)
        .creatorRequestId(requestId)
        .build();
  }

  NamespaceSummary summary(int services) {
    return NamespaceSummary.builder()
        .id(id)
        .arn(arn())
        .resourceOwner(account)
        .name(name)
        .type(type)
        .description(description)
        .serviceCount(services)
        .properties(properties())
        .createDate(created)
        .build();
  }
}
