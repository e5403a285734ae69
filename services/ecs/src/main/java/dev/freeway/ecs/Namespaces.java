package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which services are in a Service Connect namespace, and what their tasks may call each other.
final class Namespaces {
  private static final int PAGE = 10;

  private final Platform platform;
  private final Clusters clusters;
  private final Services services;

  Namespaces(Platform platform, Clusters clusters, Services services) {
    this.platform = platform;
    this.clusters = clusters;
    this.services = services;
  }

  /// The name in a name or in the ARN of a namespace.
  static String name(String nameOrArn) {
    return Arn.parse(nameOrArn)
        .map(a -> a.resource().substring(a.resource().lastIndexOf('/') + 1))
        .orElse(nameOrArn);
  }

  /// Throws for what AWS refuses and for what is not offered here. The result names its namespace.
  static @Nullable ServiceConnectConfiguration check(
      @Nullable ServiceConnectConfiguration in, Cluster cluster, TaskDefinition definition) {
    if (in == null || !Boolean.TRUE.equals(in.enabled())) {
      return null;
    }
    String namespace =
        in.namespace() != null
            ? in.namespace()
            : cluster.serviceConnectDefaults() == null
                ? null
                : cluster.serviceConnectDefaults().namespace();
    if (namespace == null) {
      throw EcsErrors.invalidParameterException(
          "The service connect configuration must specify a namespace, or the cluster must have a default one.");
    }
    for (ServiceConnectService s :
        in.services() == null ? List.<ServiceConnectService>of() : in.services()) {
      if (s.tls() != null || s.timeout() != null || s.ingressPortOverride() != null) {
        throw EcsErrors.unsupportedFeatureException(
            "Freeway's Service Connect carries TCP connections: tls, timeout and ingressPortOverride are not offered.");
      }
      boolean named =
          definition.containerDefinitions().stream()
              .flatMap(c -> c.portMappings().stream())
              .anyMatch(p -> s.portName().equals(p.name()));
      if (!named) {
        throw EcsErrors.invalidParameterException(
            "portName(s) '%s' in service connect configuration is/are not found in the task definition."
                .formatted(s.portName()));
      }
    }
    return in.toBuilder().namespace(namespace).build();
  }

  /// The names that a task of a service may call, with addresses inside the task.
  List<ServiceAlias> aliases(
      ReadTx tx, Scope scope, @Nullable ServiceConnectConfiguration configuration) {
    if (configuration == null) {
      return List.of();
    }
    String namespace = name(configuration.namespace());
    Map<String, ServiceAlias> all = new TreeMap<>();
    for (StoredService s : services.all(tx)) {
      StoredDeployment d = s.primary().orElse(null);
      boolean member =
          s.scope().equals(scope)
              && d != null
              && s.status().equals("ACTIVE")
              && d.connect() != null
              && name(d.connect().namespace()).equals(namespace);
      if (member && d.connect().services() != null) {
        d.connect().services().forEach(e -> offers(s, namespace, e, d.connect(), all));
      }
    }
    List<ServiceAlias> numbered = new ArrayList<>();
    Map<String, String> addresses = new TreeMap<>();
    for (ServiceAlias a : all.values()) {
      int n = addresses.size() + 1;
      String address =
          addresses.computeIfAbsent(a.name(), k -> "127.255." + (n >> 8) + "." + (n & 255));
      numbered.add(new ServiceAlias(a.name(), address, a.port(), a.service(), a.portName()));
    }
    return numbered;
  }

  private static void offers(
      StoredService s,
      String namespace,
      ServiceConnectService e,
      ServiceConnectConfiguration configuration,
      Map<String, ServiceAlias> all) {
    String discovery = e.discoveryName() == null ? e.portName() : e.discoveryName();
    List<ServiceConnectClientAlias> aliases =
        e.clientAliases() == null ? List.of() : e.clientAliases();
    for (ServiceConnectClientAlias a : aliases) {
      String name = a.dnsName() == null ? discovery + "." + namespace : a.dnsName();
      all.putIfAbsent(
          name + ":" + a.port(), new ServiceAlias(name, "", a.port(), s.key(), e.portName()));
    }
  }

  ListServicesByNamespaceResponse list(Call call, ListServicesByNamespaceRequest in) {
    List<String> arns =
        platform.store().read(tx -> services.all(tx)).stream()
            .filter(s -> s.scope().equals(call.scope()) && !s.status().equals("INACTIVE"))
            .filter(
                s ->
                    s.primary()
                        .map(StoredDeployment::connect)
                        .filter(c -> name(c.namespace()).equals(name(in.namespace())))
                        .isPresent())
            .map(s -> s.service().serviceArn())
            .sorted()
            .toList();
    var page = Page.of(arns, a -> a, in.nextToken(), in.maxResults(), PAGE, Ecs.badToken());
    return ListServicesByNamespaceResponse.builder()
        .serviceArns(page.items())
        .nextToken(page.nextToken())
        .build();
  }
}
