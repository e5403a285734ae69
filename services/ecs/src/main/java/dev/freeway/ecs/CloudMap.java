package dev.freeway.ecs;

import dev.freeway.ecs.api.EcsErrors;
import dev.freeway.ecs.uses.servicediscovery.CreateHttpNamespaceRequest;
import dev.freeway.ecs.uses.servicediscovery.CreateServiceRequest;
import dev.freeway.ecs.uses.servicediscovery.DeleteServiceRequest;
import dev.freeway.ecs.uses.servicediscovery.DeregisterInstanceRequest;
import dev.freeway.ecs.uses.servicediscovery.GetInstancesHealthStatusRequest;
import dev.freeway.ecs.uses.servicediscovery.GetServiceRequest;
import dev.freeway.ecs.uses.servicediscovery.ListNamespacesRequest;
import dev.freeway.ecs.uses.servicediscovery.ListServicesRequest;
import dev.freeway.ecs.uses.servicediscovery.NamespaceSummary;
import dev.freeway.ecs.uses.servicediscovery.RegisterInstanceRequest;
import dev.freeway.ecs.uses.servicediscovery.Service;
import dev.freeway.ecs.uses.servicediscovery.ServiceSummary;
import dev.freeway.ecs.uses.servicediscovery.ServicediscoveryApi;
import dev.freeway.ecs.uses.servicediscovery.Tag;
import dev.freeway.ecs.uses.servicediscovery.UpdateInstanceCustomHealthStatusRequest;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Operation;
import dev.freeway.wire.Structure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Cloud Map, as far as ECS needs it: namespaces, services, and tasks as their instances.
final class CloudMap {
  private static final List<Tag> OURS = List.of(new Tag("AmazonECSManaged", "true"));

  private final Platform platform;

  CloudMap(Platform platform) {
    this.platform = platform;
  }

  private <I extends Structure, O extends Structure> O call(
      Scope scope, Operation<I, O> operation, I input) {
    return platform.clients().call(platform.background(scope, "ecs"), operation, input);
  }

  /// Empty when there is none.
  Optional<Service> service(Scope scope, String idOrArn) {
    try {
      return Optional.of(
          call(
                  scope,
                  ServicediscoveryApi.GET_SERVICE,
                  GetServiceRequest.builder().id(idOrArn).build())
              .service());
    } catch (AwsException e) {
      if (e.serverFault()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private List<NamespaceSummary> namespaces(Scope scope) {
    List<NamespaceSummary> all = new ArrayList<>();
    String token = null;
    do {
      var page =
          call(
              scope,
              ServicediscoveryApi.LIST_NAMESPACES,
              ListNamespacesRequest.builder().nextToken(token).build());
      all.addAll(page.namespaces());
      token = page.nextToken();
    } while (token != null);
    return all;
  }

  private List<ServiceSummary> services(Scope scope) {
    List<ServiceSummary> all = new ArrayList<>();
    String token = null;
    do {
      var page =
          call(
              scope,
              ServicediscoveryApi.LIST_SERVICES,
              ListServicesRequest.builder().nextToken(token).build());
      all.addAll(page.services());
      token = page.nextToken();
    } while (token != null);
    return all;
  }

  private Optional<NamespaceSummary> find(Scope scope, String nameOrArn) {
    boolean arn = Arn.parse(nameOrArn).isPresent();
    return namespaces(scope).stream()
        .filter(n -> nameOrArn.equals(arn ? n.arn() : n.name()))
        .findFirst();
  }

  /// One that exists. Throws NamespaceNotFoundException.
  NamespaceSummary namespace(Scope scope, String nameOrArn) {
    return find(scope, nameOrArn)
        .orElseThrow(
            () -> EcsErrors.namespaceNotFoundException("The specified namespace wasn't found."));
  }

  /// The ARN of a cluster's default namespace, which is made if there is none of this name.
  String defaultNamespace(Call call, String nameOrArn) {
    Optional<NamespaceSummary> there = find(call.scope(), nameOrArn);
    if (there.isEmpty() && Arn.parse(nameOrArn).isEmpty()) {
      try {
        call(
            call.scope(),
            ServicediscoveryApi.CREATE_HTTP_NAMESPACE,
            CreateHttpNamespaceRequest.builder().name(nameOrArn).tags(OURS).build());
      } catch (AwsException e) {
        if (!e.is("NamespaceAlreadyExists")) {
          throw e.serverFault() ? e : EcsErrors.invalidParameterException(e.message());
        }
      }
    }
    return namespace(call.scope(), nameOrArn).arn();
  }

  private static String owned(String service) {
    return "Managed by " + service;
  }

  /// The ARN of the Cloud Map service of a Service Connect name, made if there is none.
  ///
  /// @param owner ARN of the ECS service
  String connectService(Scope scope, NamespaceSummary namespace, String name, String owner) {
    try {
      return call(
              scope,
              ServicediscoveryApi.CREATE_SERVICE,
              CreateServiceRequest.builder()
                  .name(name)
                  .namespaceId(namespace.id())
                  .type("HTTP")
                  .description(owned(owner))
                  .tags(OURS)
                  .build())
          .service()
          .arn();
    } catch (AwsException e) {
      if (!e.is("ServiceAlreadyExists")) {
        throw e.serverFault() ? e : EcsErrors.invalidParameterException(e.message());
      }
      Service there = service(scope, String.valueOf(e.fields().get("ServiceId"))).orElseThrow();
      String says = there.description() == null ? "" : there.description();
      if (!says.equals(owned(owner))) {
        throw EcsErrors.invalidParameterException(
            "The Service Connect discovery name '%s' is already in use in the namespace '%s'."
                .formatted(name, namespace.name()));
      }
      return there.arn();
    }
  }

  /// Deletes the Cloud Map services that were made for an ECS service, but for those in use.
  void forget(Scope scope, String owner) {
    for (ServiceSummary s : services(scope)) {
      if (owned(owner).equals(s.description())) {
        quietly(
            () ->
                call(
                    scope,
                    ServicediscoveryApi.DELETE_SERVICE,
                    DeleteServiceRequest.builder().id(s.id()).build()));
      }
    }
  }

  /// What is gone already, or was never there, is as it should be.
  private static void quietly(Runnable what) {
    try {
      what.run();
    } catch (AwsException e) {
      boolean gone =
          e.is("ServiceNotFound") || e.is("InstanceNotFound") || e.is("CustomHealthNotFound");
      if (!gone && !e.is("ResourceInUse")) {
        throw e;
      }
    }
  }

  private static String health(StoredTask t) {
    boolean checked =
        t.definition().containerDefinitions().stream().anyMatch(c -> c.healthCheck() != null);
    return checked && !"HEALTHY".equals(t.task().healthStatus()) ? "UNHEALTHY" : "HEALTHY";
  }

  /// Makes a task an instance of its Cloud Map services; again does no harm.
  void register(StoredTask t) {
    for (TaskRegistry r : t.registries()) {
      Service service = service(t.scope(), r.service()).orElse(null);
      if (service == null) {
        throw AwsException.client(
            "ServiceNotFound", "there is no Cloud Map service " + r.service());
      }
      call(
          t.scope(),
          ServicediscoveryApi.REGISTER_INSTANCE,
          RegisterInstanceRequest.builder()
              .serviceId(service.id())
              .instanceId(t.id())
              .attributes(attributes(t, service, r.port()))
              .build());
    }
  }

  private static Map<String, String> attributes(
      StoredTask t, Service service, @Nullable Integer port) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("AVAILABILITY_ZONE", t.task().availabilityZone());
    all.put("AWS_INSTANCE_IPV4", String.valueOf(t.address()));
    if (port != null) {
      all.put("AWS_INSTANCE_PORT", port.toString());
    }
    if (service.healthCheckCustomConfig() != null) {
      all.put("AWS_INIT_HEALTH_STATUS", health(t));
    }
    all.put("ECS_CLUSTER_NAME", t.cluster());
    if (t.service() != null) {
      all.put("ECS_SERVICE_NAME", t.service());
    }
    all.put("ECS_TASK_DEFINITION_FAMILY", t.definition().family());
    all.put("REGION", t.region());
    return all;
  }

  void deregister(StoredTask t) {
    for (TaskRegistry r : t.registries()) {
      quietly(
          () ->
              call(
                  t.scope(),
                  ServicediscoveryApi.DEREGISTER_INSTANCE,
                  DeregisterInstanceRequest.builder()
                      .serviceId(r.service())
                      .instanceId(t.id())
                      .build()));
    }
  }

  /// Brings the health of a task's instances up to the task's.
  void tellHealth(StoredTask t) {
    for (TaskRegistry r : t.registries()) {
      quietly(() -> tellHealth(t, r));
    }
  }

  private void tellHealth(StoredTask t, TaskRegistry r) {
    String now = health(t);
    String told =
        call(
                t.scope(),
                ServicediscoveryApi.GET_INSTANCES_HEALTH_STATUS,
                GetInstancesHealthStatusRequest.builder()
                    .serviceId(r.service())
                    .instances(List.of(t.id()))
                    .build())
            .status()
            .get(t.id());
    if (!now.equals(told) && !"UNKNOWN".equals(told)) {
      call(
          t.scope(),
          ServicediscoveryApi.UPDATE_INSTANCE_CUSTOM_HEALTH_STATUS,
          UpdateInstanceCustomHealthStatusRequest.builder()
              .serviceId(r.service())
              .instanceId(t.id())
              .status(now)
              .build());
    }
  }
}
