package dev.freeway.servicediscovery;

import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.servicediscovery.api.CreateHttpNamespaceRequest;
import dev.freeway.servicediscovery.api.CreateHttpNamespaceResponse;
import dev.freeway.servicediscovery.api.CreatePrivateDnsNamespaceRequest;
import dev.freeway.servicediscovery.api.CreatePrivateDnsNamespaceResponse;
import dev.freeway.servicediscovery.api.CreatePublicDnsNamespaceRequest;
import dev.freeway.servicediscovery.api.CreatePublicDnsNamespaceResponse;
import dev.freeway.servicediscovery.api.DeleteNamespaceRequest;
import dev.freeway.servicediscovery.api.DeleteNamespaceResponse;
import dev.freeway.servicediscovery.api.GetNamespaceRequest;
import dev.freeway.servicediscovery.api.GetNamespaceResponse;
import dev.freeway.servicediscovery.api.ListNamespacesRequest;
import dev.freeway.servicediscovery.api.ListNamespacesResponse;
import dev.freeway.servicediscovery.api.NamespaceFilter;
import dev.freeway.servicediscovery.api.ServicediscoveryErrors;
import dev.freeway.servicediscovery.api.Tag;
import dev.freeway.servicediscovery.api.UpdateHttpNamespaceRequest;
import dev.freeway.servicediscovery.api.UpdateHttpNamespaceResponse;
import dev.freeway.servicediscovery.api.UpdatePrivateDnsNamespaceRequest;
import dev.freeway.servicediscovery.api.UpdatePrivateDnsNamespaceResponse;
import dev.freeway.servicediscovery.api.UpdatePublicDnsNamespaceRequest;
import dev.freeway.servicediscovery.api.UpdatePublicDnsNamespaceResponse;
import dev.freeway.servicediscovery.uses.ec2.DescribeVpcsRequest;
import dev.freeway.servicediscovery.uses.ec2.Ec2Api;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Namespaces.
final class NamespaceCrud {
  private static final long SOA_TTL = 15;

  private final Platform platform;
  private final Registry registry;
  private final OperationLog operations;

  NamespaceCrud(Platform platform, Registry registry, OperationLog operations) {
    this.platform = platform;
    this.registry = registry;
    this.operations = operations;
  }

  private record Plan(
      String name,
      String type,
      @Nullable String description,
      @Nullable String vpc,
      @Nullable Long ttl,
      @Nullable String request,
      @Nullable List<Tag> tags) {}

  CreateHttpNamespaceResponse http(Call call, CreateHttpNamespaceRequest in) {
    Plan plan =
        new Plan(in.name(), "HTTP", in.description(), null, null, in.creatorRequestId(), in.tags());
    return CreateHttpNamespaceResponse.builder().operationId(create(call, plan)).build();
  }

  CreatePrivateDnsNamespaceResponse privately(Call call, CreatePrivateDnsNamespaceRequest in) {
    Long ttl = in.properties() == null ? null : in.properties().dnsProperties().soa().ttl();
    Plan plan =
        new Plan(
            in.name(),
            "DNS_PRIVATE",
            in.description(),
            in.vpc(),
            ttl,
            in.creatorRequestId(),
            in.tags());
    Optional<String> refused = vpcRefused(call, in.vpc());
    if (refused.isPresent()) {
      // As on AWS the request is taken, and its operation fails.
      String id =
          platform
              .store()
              .write(
                  tx ->
                      operations.failed(
                          tx,
                          call,
                          "CREATE_NAMESPACE",
                          "CANNOT_CREATE_HOSTED_ZONE",
                          refused.get()));
      return CreatePrivateDnsNamespaceResponse.builder().operationId(id).build();
    }
    return CreatePrivateDnsNamespaceResponse.builder().operationId(create(call, plan)).build();
  }

  /// Kept and answered inside tasks; nothing is published to the Internet.
  CreatePublicDnsNamespaceResponse publicly(Call call, CreatePublicDnsNamespaceRequest in) {
    Long ttl = in.properties() == null ? null : in.properties().dnsProperties().soa().ttl();
    Plan plan =
        new Plan(
            in.name(), "DNS_PUBLIC", in.description(), null, ttl, in.creatorRequestId(), in.tags());
    return CreatePublicDnsNamespaceResponse.builder().operationId(create(call, plan)).build();
  }

  private Optional<String> vpcRefused(Call call, String vpc) {
    try {
      platform
          .clients()
          .call(
              call,
              Ec2Api.DESCRIBE_VPCS,
              DescribeVpcsRequest.builder().vpcIds(List.of(vpc)).build());
      return Optional.empty();
    } catch (AwsException e) {
      if (e.serverFault()) {
        throw e;
      }
      return Optional.of(
          "The VPC %s in region %s that you provided is not authorized to make the association: %s"
              .formatted(vpc, call.region(), e.message()));
    }
  }

  private String create(Call call, Plan plan) {
    Map<String, String> tags = TagOperations.map(plan.tags());
    return platform
        .store()
        .write(
            tx -> {
              Optional<String> before =
                  operations.repeated(tx, call, "CREATE_NAMESPACE", plan.request());
              if (before.isPresent()) {
                return before.get();
              }
              StoredNamespace there = registry.named(tx, call.scope(), plan.name()).orElse(null);
              if (there != null) {
                throw ServicediscoveryErrors.namespaceAlreadyExists(
                        "Namespace with name " + plan.name() + " already exists.")
                    .with("NamespaceId", there.id())
                    .with("CreatorRequestId", there.requestId());
              }
              boolean dns = !plan.type().equals("HTTP");
              StoredNamespace n =
                  new StoredNamespace(
                      call.account(),
                      call.region(),
                      Registry.newId("ns"),
                      plan.name(),
                      plan.type(),
                      plan.description(),
                      plan.vpc(),
                      dns ? "Z" + Ids.base32(20) : null,
                      !dns ? 0 : plan.ttl() == null ? SOA_TTL : plan.ttl(),
                      call.at(),
                      plan.request() == null ? Ids.uuid() : plan.request(),
                      tags);
              registry.save(tx, n);
              return operations.done(
                  tx, call, "CREATE_NAMESPACE", Map.of("NAMESPACE", n.id()), plan.request());
            });
  }

  GetNamespaceResponse get(Call call, GetNamespaceRequest in) {
    return platform
        .store()
        .read(
            tx -> {
              StoredNamespace n = registry.namespace(tx, call.scope(), in.id());
              return GetNamespaceResponse.builder().namespace(n.view(count(tx, n))).build();
            });
  }

  private int count(ReadTx tx, StoredNamespace n) {
    return registry.services(tx, n).size();
  }

  ListNamespacesResponse list(Call call, ListNamespacesRequest in) {
    List<NamespaceFilter> filters = in.filters() == null ? List.of() : in.filters();
    return platform
        .store()
        .read(
            tx -> {
              List<StoredNamespace> found =
                  registry.namespaces(tx, call.scope()).stream()
                      .filter(n -> filters.stream().allMatch(f -> matches(f, n)))
                      .toList();
              var page =
                  Page.of(
                      found,
                      StoredNamespace::id,
                      in.nextToken(),
                      in.maxResults(),
                      Filters.PAGE,
                      Filters.badToken());
              return ListNamespacesResponse.builder()
                  .namespaces(page.map(n -> n.summary(count(tx, n))))
                  .nextToken(page.nextToken())
                  .build();
            });
  }

  private static boolean matches(NamespaceFilter f, StoredNamespace n) {
    return switch (f.name()) {
      case "TYPE" -> Filters.holds(f.condition(), f.values(), n.type());
      case "RESOURCE_OWNER" -> f.values().contains("SELF");
      default -> Filters.holds(f.condition(), f.values(), n.name());
    };
  }

  DeleteNamespaceResponse delete(Call call, DeleteNamespaceRequest in) {
    String id =
        platform
            .store()
            .write(
                tx -> {
                  StoredNamespace n = registry.namespace(tx, call.scope(), in.id());
                  if (count(tx, n) > 0) {
                    throw ServicediscoveryErrors.resourceInUse(
                        "Namespace has associated services; delete the services before deleting the namespace");
                  }
                  registry.delete(tx, n);
                  return operations.done(
                      tx, call, "DELETE_NAMESPACE", Map.of("NAMESPACE", n.id()), null);
                });
    return DeleteNamespaceResponse.builder().operationId(id).build();
  }

  UpdateHttpNamespaceResponse updateHttp(Call call, UpdateHttpNamespaceRequest in) {
    String text = in.namespace().description();
    String id = update(call, in.id(), "HTTP", text, null, in.updaterRequestId());
    return UpdateHttpNamespaceResponse.builder().operationId(id).build();
  }

  UpdatePrivateDnsNamespaceResponse updatePrivate(Call call, UpdatePrivateDnsNamespaceRequest in) {
    var p = in.namespace().properties();
    Long ttl = p == null ? null : p.dnsProperties().soa().ttl();
    String text = in.namespace().description();
    String id = update(call, in.id(), "DNS_PRIVATE", text, ttl, in.updaterRequestId());
    return UpdatePrivateDnsNamespaceResponse.builder().operationId(id).build();
  }

  UpdatePublicDnsNamespaceResponse updatePublic(Call call, UpdatePublicDnsNamespaceRequest in) {
    var p = in.namespace().properties();
    Long ttl = p == null ? null : p.dnsProperties().soa().ttl();
    String text = in.namespace().description();
    String id = update(call, in.id(), "DNS_PUBLIC", text, ttl, in.updaterRequestId());
    return UpdatePublicDnsNamespaceResponse.builder().operationId(id).build();
  }

  private String update(
      Call call,
      String idOrArn,
      String type,
      @Nullable String description,
      @Nullable Long ttl,
      @Nullable String request) {
    return platform.store().write(tx -> update(tx, call, idOrArn, type, description, ttl, request));
  }

  private String update(
      Tx tx,
      Call call,
      String idOrArn,
      String type,
      @Nullable String description,
      @Nullable Long ttl,
      @Nullable String request) {
    StoredNamespace n = registry.namespace(tx, call.scope(), idOrArn);
    if (!n.type().equals(type)) {
      throw ServicediscoveryErrors.invalidInput(
          "The namespace %s is of type %s, not %s.".formatted(n.id(), n.type(), type));
    }
    registry.save(
        tx,
        n.with(
            description == null ? n.description() : description, ttl == null ? n.soaTtl() : ttl));
    return operations.done(tx, call, "UPDATE_NAMESPACE", Map.of("NAMESPACE", n.id()), request);
  }
}
