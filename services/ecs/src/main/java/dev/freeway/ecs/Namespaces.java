package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Call;
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
  private final Services services;
  private final CloudMap map;

  Namespaces(Platform platform, Services services, CloudMap map) {
    this.platform = platform;
    this.services = services;
    this.map = map;
  }

  /// The name of a deployment's namespace.
  private static String name(StoredDeployment d) {
    var connect = d.connect();
    return d.namespace() != null
        ? d.namespace()
        : String.valueOf(connect == null ? null : connect.namespace());
  }

  /// Service Connect of a deployment.
  ///
  /// @param configuration names its namespace; null when there is none
  /// @param discovery ARNs of Cloud Map services by discovery names
  record Plan(
      @Nullable ServiceConnectConfiguration configuration,
      @Nullable String namespace,
      Map<String, String> discovery) {
    static final Plan NONE = new Plan(null, null, Map.of());

    StoredDeployment of(StoredDeployment d) {
      return d.withConnect(configuration, namespace, discovery);
    }
  }

  /// Throws for what AWS refuses and for what is not offered here. Makes the Cloud Map services
  /// that are not there yet.
  ///
  /// @param service ARN of the ECS service
  Plan plan(
      Call call,
      @Nullable ServiceConnectConfiguration in,
      Cluster cluster,
      TaskDefinition definition,
      String service) {
    if (in == null || !Boolean.TRUE.equals(in.enabled())) {
      return Plan.NONE;
    }
    String asked =
        in.namespace() != null
            ? in.namespace()
            : cluster.serviceConnectDefaults() == null
                ? null
                : cluster.serviceConnectDefaults().namespace();
    if (asked == null) {
      throw EcsErrors.invalidParameterException(
          "The service connect configuration must specify a namespace, or the cluster must have a default one.");
    }
    List<ServiceConnectService> offered = in.services() == null ? List.of() : in.services();
    offered.forEach(s -> check(s, definition));
    var namespace = map.namespace(call.scope(), asked);
    Map<String, String> names = new TreeMap<>();
    for (ServiceConnectService s : offered) {
      names.put(discovery(s), map.connectService(call.scope(), namespace, discovery(s), service));
    }
    return new Plan(in.toBuilder().namespace(asked).build(), namespace.name(), names);
  }

  private static void check(ServiceConnectService s, TaskDefinition definition) {
    boolean requests = s.timeout() != null && s.timeout().perRequestTimeoutSeconds() != null;
    if (s.tls() != null || requests || s.ingressPortOverride() != null) {
      throw EcsErrors.unsupportedFeatureException(
          "Freeway's Service Connect carries TCP connections: tls, timeouts of requests and ingressPortOverride are not offered.");
    }
    if (port(definition, s.portName()) == null) {
      throw EcsErrors.invalidParameterException(
          "portName(s) '%s' in service connect configuration is/are not found in the task definition."
              .formatted(s.portName()));
    }
  }

  static String discovery(ServiceConnectService s) {
    return s.discoveryName() == null ? s.portName() : s.discoveryName();
  }

  private static @Nullable Integer port(TaskDefinition definition, String name) {
    return definition.containerDefinitions().stream()
        .flatMap(c -> c.portMappings().stream())
        .filter(p -> name.equals(p.name()))
        .map(PortMapping::containerPort)
        .findFirst()
        .orElse(null);
  }

  /// The Cloud Map services that the tasks of a deployment are instances of.
  static List<TaskRegistry> registries(StoredDeployment d, TaskDefinition definition) {
    List<TaskRegistry> all = new ArrayList<>();
    for (ServiceRegistry r : d.registries()) {
      all.add(new TaskRegistry(r.registryArn(), r.port() == null ? r.containerPort() : r.port()));
    }
    if (d.connect() != null && d.connect().services() != null) {
      for (ServiceConnectService s : d.connect().services()) {
        String arn = d.discovery().get(discovery(s));
        if (arn != null) {
          all.add(new TaskRegistry(arn, port(definition, s.portName())));
        }
      }
    }
    return all;
  }

  /// The names that a task of a service may call, with addresses inside the task.
  List<ServiceAlias> aliases(ReadTx tx, Scope scope, StoredDeployment deployment) {
    if (deployment.connect() == null) {
      return List.of();
    }
    String namespace = name(deployment);
    Map<String, ServiceAlias> all = new TreeMap<>();
    for (StoredService s : services.all(tx)) {
      StoredDeployment d = s.primary().orElse(null);
      if (!s.scope().equals(scope) || !s.status().equals("ACTIVE") || d == null) {
        continue;
      }
      ServiceConnectConfiguration connect = d.connect();
      if (connect != null && name(d).equals(namespace) && connect.services() != null) {
        connect.services().forEach(e -> offers(s, namespace, e, connect, all));
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
    List<ServiceConnectClientAlias> aliases =
        e.clientAliases() == null ? List.of() : e.clientAliases();
    for (ServiceConnectClientAlias a : aliases) {
      String name = a.dnsName() == null ? discovery(e) + "." + namespace : a.dnsName();
      all.putIfAbsent(
          name + ":" + a.port(), new ServiceAlias(name, "", a.port(), s.key(), e.portName()));
    }
  }

  ListServicesByNamespaceResponse list(Call call, ListServicesByNamespaceRequest in) {
    String namespace = map.namespace(call.scope(), in.namespace()).name();
    List<String> arns =
        platform.store().read(tx -> services.all(tx)).stream()
            .filter(s -> s.scope().equals(call.scope()) && !s.status().equals("INACTIVE"))
            .filter(
                s ->
                    s.primary()
                        .filter(d -> d.connect() != null && name(d).equals(namespace))
                        .isPresent())
            .map(s -> s.service().serviceArn())
            .sorted()
            .toList();
    var page = Lookup.page(arns, in.nextToken(), in.maxResults(), PAGE);
    return ListServicesByNamespaceResponse.builder()
        .serviceArns(page.items())
        .nextToken(page.nextToken())
        .build();
  }
}
