package dev.freeway.servicediscovery;

import dev.freeway.platform.Scope;
import dev.freeway.servicediscovery.api.DnsConfig;
import dev.freeway.servicediscovery.api.DnsRecord;
import dev.freeway.servicediscovery.api.HealthCheckCustomConfig;
import dev.freeway.servicediscovery.api.Service;
import dev.freeway.servicediscovery.api.ServiceSummary;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A service as it is kept.
///
/// @param type HTTP or DNS_HTTP
/// @param routing MULTIVALUE or WEIGHTED; null without DNS
/// @param records empty without DNS
/// @param customHealth whether its instances' health is told by UpdateInstanceCustomHealthStatus
/// @param revision counts every change of its instances
record StoredService(
    String account,
    String region,
    String id,
    String name,
    String namespace,
    String type,
    @Nullable String description,
    @Nullable String routing,
    List<DnsRecord> records,
    boolean customHealth,
    Instant created,
    @Nullable String requestId,
    long revision,
    Map<String, String> attributes,
    Map<String, String> tags) {

  StoredService {
    records = records == null ? List.of() : List.copyOf(records);
    attributes = attributes == null ? Map.of() : Map.copyOf(attributes);
    tags = tags == null ? Map.of() : Map.copyOf(tags);
  }

  Scope scope() {
    return new Scope(account, region);
  }

  String arn() {
    return scope().arn("servicediscovery", "service/" + id).toString();
  }

  boolean answers(String recordType) {
    return records.stream().anyMatch(r -> r.type().equals(recordType));
  }

  private StoredService copy(
      @Nullable String text,
      List<DnsRecord> dns,
      long changes,
      Map<String, String> about,
      Map<String, String> labels) {
    return new StoredService(
        account,
        region,
        id,
        name,
        namespace,
        type,
        text,
        routing,
        dns,
        customHealth,
        created,
        requestId,
        changes,
        about,
        labels);
  }

  StoredService with(@Nullable String text, List<DnsRecord> dns) {
    return copy(text, dns, revision, attributes, tags);
  }

  StoredService changed() {
    return copy(description, records, revision + 1, attributes, tags);
  }

  StoredService withAttributes(Map<String, String> all) {
    return copy(description, records, revision, all, tags);
  }

  StoredService withTags(Map<String, String> all) {
    return copy(description, records, revision, attributes, all);
  }

  private @Nullable DnsConfig dns() {
    return records.isEmpty()
        ? null
        : DnsConfig.builder()
            .namespaceId(namespace)
            .routingPolicy(routing)
            .dnsRecords(records)
            .build();
  }

  private @Nullable HealthCheckCustomConfig health() {
    // AWS reads back 1, whatever was asked for.
    return customHealth ? new HealthCheckCustomConfig(1) : null;
  }

  Service view(int instances) {
    return Service.builder()
        .id(id)
        .arn(arn())
        .resourceOwner(account)
        .name(name)
        .namespaceId(namespace)
        .description(description)
        .instanceCount(instances)
        .dnsConfig(dns())
        .type(type)
        .healthCheckCustomConfig(health())
        .createDate(created)
        .creatorRequestId(requestId)
        .createdByAccount(account)
        .build();
  }

  ServiceSummary summary(int instances) {
    return ServiceSummary.builder()
        .id(id)
        .arn(arn())
        .resourceOwner(account)
        .name(name)
        .type(type)
        .description(description)
        .instanceCount(instances)
        .dnsConfig(dns())
        .healthCheckCustomConfig(health())
        .createDate(created)
        .createdByAccount(account)
        .build();
  }
}
