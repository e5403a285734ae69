package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Clusters.
final class ClusterCrud {
  private static final int PAGE = 100;

  private final Store store;
  private final Clusters clusters;
  private final Tasks tasks;
  private final Services services;
  private final AccountSettings settings;
  private final Instances instances;
  private final CloudMap map;

  ClusterCrud(
      Store store,
      Clusters clusters,
      Tasks tasks,
      Services services,
      AccountSettings settings,
      Instances instances,
      CloudMap map) {
    this.store = store;
    this.clusters = clusters;
    this.tasks = tasks;
    this.services = services;
    this.settings = settings;
    this.instances = instances;
    this.map = map;
  }

  CreateClusterResponse create(Call call, CreateClusterRequest in) {
    String name = in.clusterName() == null ? "default" : in.clusterName();
    if (!name.matches("[a-zA-Z0-9_-]{1,255}")) {
      throw EcsErrors.invalidParameterException("Invalid identifier: '" + name + "'");
    }
    checkProviders(call, in.capacityProviders(), in.defaultCapacityProviderStrategy());
    ClusterServiceConnectDefaults connect = defaults(call, in.serviceConnectDefaults(), null);
    Cluster made =
        store.write(
            tx -> {
              Cluster there =
                  clusters
                      .find(tx, call.scope(), name)
                      .filter(c -> c.status().equals("ACTIVE"))
                      .orElse(null);
              if (there != null) {
                // As on AWS: a second create answers the cluster that is there.
                return there;
              }
              Cluster c =
                  Cluster.builder()
                      .clusterArn(call.arn("ecs", "cluster/" + name).toString())
                      .clusterName(name)
                      .configuration(in.configuration())
                      .status("ACTIVE")
                      .serviceConnectDefaults(connect)
                      .tags(EcsTags.given(in.tags()))
                      .settings(
                          settings(
                              List.of(
                                  new ClusterSetting(
                                      "containerInsights",
                                      settings.value(tx, call, "containerInsights"))),
                              in.settings()))
                      .capacityProviders(orEmpty(in.capacityProviders()))
                      .defaultCapacityProviderStrategy(
                          orEmpty(in.defaultCapacityProviderStrategy()))
                      .build();
              clusters.save(tx, call.scope(), c);
              return c;
            });
    return CreateClusterResponse.builder()
        .cluster(view(call, made, Set.of("TAGS", "SETTINGS", "CONFIGURATIONS")))
        .build();
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  private static List<ClusterSetting> settings(
      List<ClusterSetting> before, @Nullable List<ClusterSetting> changes) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("containerInsights", "disabled");
    before.forEach(s -> all.put(s.name(), s.value()));
    for (ClusterSetting s : orEmpty(changes)) {
      boolean known = s.value() != null && s.value().matches("enabled|disabled|enhanced");
      if (!"containerInsights".equals(s.name()) || !known) {
        throw EcsErrors.invalidParameterException(
            "Invalid cluster setting %s=%s: containerInsights can be enabled, disabled or enhanced."
                .formatted(s.name(), s.value()));
      }
    }
    orEmpty(changes).forEach(s -> all.put(s.name(), s.value()));
    return all.entrySet().stream().map(e -> new ClusterSetting(e.getKey(), e.getValue())).toList();
  }

  private void checkProviders(
      Call call,
      @Nullable List<String> providers,
      @Nullable List<CapacityProviderStrategyItem> strategy) {
    for (String p : orEmpty(providers)) {
      if (!store.read(tx -> CapacityProviders.exists(tx, call, p))) {
        throw EcsErrors.invalidParameterException(
            "The specified capacity provider '" + p + "' could not be found.");
      }
    }
    for (CapacityProviderStrategyItem item : orEmpty(strategy)) {
      if (!orEmpty(providers).contains(item.capacityProvider())) {
        throw EcsErrors.invalidParameterException(
            "The specified capacity provider '%s' is not associated with the cluster."
                .formatted(item.capacityProvider()));
      }
    }
  }

  DescribeClustersResponse describe(Call call, DescribeClustersRequest in) {
    List<String> names =
        in.clusters() == null || in.clusters().isEmpty() ? List.of("default") : in.clusters();
    Lookup.atMost(100, names, "Clusters");
    Set<String> include = Set.copyOf(orEmpty(in.include()));
    Lookup<Cluster> all =
        Lookup.of(
            names,
            name ->
                store
                    .read(tx -> clusters.find(tx, call.scope(), name))
                    .map(c -> view(call, c, include)),
            name -> call.arn("ecs", "cluster/" + Clusters.name(name)).toString());
    return DescribeClustersResponse.builder()
        .clusters(all.found())
        .failures(all.failures())
        .build();
  }

  private Cluster view(Call call, Cluster c, Set<String> include) {
    return store.read(tx -> counted(tx, call, c)).toBuilder()
        .tags(include.contains("TAGS") ? c.tags() : List.of())
        .settings(include.contains("SETTINGS") ? c.settings() : List.of())
        .configuration(include.contains("CONFIGURATIONS") ? c.configuration() : null)
        .statistics(List.of())
        .build();
  }

  private Cluster counted(ReadTx tx, Call call, Cluster c) {
    List<StoredTask> all = tasks.all(tx, call.scope(), c.clusterName());
    return c.toBuilder()
        .registeredContainerInstancesCount(instances.all(tx, call.scope(), c.clusterName()).size())
        .runningTasksCount((int) all.stream().filter(t -> t.is("RUNNING")).count())
        .pendingTasksCount((int) all.stream().filter(StoredTask::isPending).count())
        .activeServicesCount(
            (int)
                services.all(tx, call.scope(), c.clusterName()).stream()
                    .filter(s -> s.status().equals("ACTIVE"))
                    .count())
        .build();
  }

  ListClustersResponse list(Call call, ListClustersRequest in) {
    List<String> arns =
        store.read(tx -> clusters.all(tx, call.scope())).stream()
            .filter(c -> c.status().equals("ACTIVE"))
            .map(Cluster::clusterArn)
            .sorted()
            .toList();
    var page = Lookup.page(arns, in.nextToken(), in.maxResults(), PAGE);
    return ListClustersResponse.builder()
        .clusterArns(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  DeleteClusterResponse delete(Call call, DeleteClusterRequest in) {
    Cluster gone =
        store.write(
            tx -> {
              Cluster c = clusters.require(tx, call.scope(), in.cluster());
              boolean busy =
                  services.all(tx, call.scope(), c.clusterName()).stream()
                      .anyMatch(s -> !s.status().equals("INACTIVE"));
              if (busy) {
                throw EcsErrors.clusterContainsServicesException(
                    "The Cluster cannot be deleted while Services are active.");
              }
              if (!instances.all(tx, call.scope(), c.clusterName()).isEmpty()) {
                throw EcsErrors.clusterContainsContainerInstancesException(
                    "The Cluster cannot be deleted while Container Instances are active or draining.");
              }
              if (tasks.all(tx, call.scope(), c.clusterName()).stream()
                  .anyMatch(t -> !t.is("STOPPED"))) {
                throw EcsErrors.clusterContainsTasksException(
                    "The Cluster cannot be deleted while Tasks are active.");
              }
              Cluster inactive = c.toBuilder().status("INACTIVE").build();
              clusters.save(tx, call.scope(), inactive);
              return inactive;
            });
    return DeleteClusterResponse.builder().cluster(view(call, gone, Set.of())).build();
  }

  UpdateClusterResponse update(Call call, UpdateClusterRequest in) {
    Cluster c =
        change(call, in.cluster(), in.serviceConnectDefaults(), in.settings(), in.configuration());
    return UpdateClusterResponse.builder().cluster(c).build();
  }

  UpdateClusterSettingsResponse updateSettings(Call call, UpdateClusterSettingsRequest in) {
    Cluster c = change(call, in.cluster(), null, in.settings(), null);
    return UpdateClusterSettingsResponse.builder().cluster(c).build();
  }

  /// With the namespace's ARN. One that is not there yet is made.
  private @Nullable ClusterServiceConnectDefaults defaults(
      Call call,
      @Nullable ClusterServiceConnectDefaultsRequest in,
      @Nullable ClusterServiceConnectDefaults before) {
    if (in == null) {
      return before;
    }
    return in.namespace().isEmpty()
        ? null
        : new ClusterServiceConnectDefaults(map.defaultNamespace(call, in.namespace()));
  }

  private Cluster change(
      Call call,
      String cluster,
      @Nullable ClusterServiceConnectDefaultsRequest connect,
      @Nullable List<ClusterSetting> settings,
      @Nullable ClusterConfiguration configuration) {
    Cluster before = store.read(tx -> clusters.require(tx, call.scope(), cluster));
    ClusterServiceConnectDefaults namespace =
        defaults(call, connect, before.serviceConnectDefaults());
    Cluster after =
        store.write(
            tx -> {
              Cluster c = clusters.require(tx, call.scope(), cluster);
              Cluster changed =
                  c.toBuilder()
                      .settings(settings(c.settings(), settings))
                      .serviceConnectDefaults(namespace)
                      .configuration(configuration == null ? c.configuration() : configuration)
                      .build();
              clusters.save(tx, call.scope(), changed);
              return changed;
            });
    return view(call, after, Set.of("SETTINGS", "CONFIGURATIONS", "TAGS"));
  }

  PutClusterCapacityProvidersResponse putProviders(
      Call call, PutClusterCapacityProvidersRequest in) {
    checkProviders(call, in.capacityProviders(), in.defaultCapacityProviderStrategy());
    Cluster after =
        store.write(
            tx -> {
              Cluster c =
                  clusters.require(tx, call.scope(), in.cluster()).toBuilder()
                      .capacityProviders(in.capacityProviders())
                      .defaultCapacityProviderStrategy(in.defaultCapacityProviderStrategy())
                      .build();
              clusters.save(tx, call.scope(), c);
              return c;
            });
    return PutClusterCapacityProvidersResponse.builder()
        .cluster(view(call, after, Set.of("SETTINGS", "TAGS")))
        .build();
  }
}
