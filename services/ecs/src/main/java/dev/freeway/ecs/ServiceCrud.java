package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import java.util.List;

/// Services: describe, list, delete.
final class ServiceCrud {
  private final Platform platform;
  private final Clusters clusters;
  private final Services services;
  private final ServiceViews views;
  private final TaskSets sets;

  ServiceCrud(
      Platform platform, Clusters clusters, Services services, ServiceViews views, TaskSets sets) {
    this.platform = platform;
    this.clusters = clusters;
    this.services = services;
    this.views = views;
    this.sets = sets;
  }

  DescribeServicesResponse describe(Call call, DescribeServicesRequest in) {
    if (in.services().isEmpty()) {
      throw EcsErrors.invalidParameterException("Services cannot be empty.");
    }
    Lookup.atMost(10, in.services(), "Services");
    boolean tags = in.include() != null && in.include().contains("TAGS");
    Lookup<dev.freeway.ecs.api.Service> all =
        platform
            .store()
            .read(
                tx -> {
                  String cluster = clusters.require(tx, call.scope(), in.cluster()).clusterName();
                  return Lookup.of(
                      in.services(),
                      name ->
                          services
                              .find(tx, call.scope(), cluster, name)
                              .map(s -> views.view(tx, s, tags)),
                      name ->
                          call.arn("ecs", "service/" + cluster + "/" + Clusters.name(name))
                              .toString());
                });
    return DescribeServicesResponse.builder()
        .services(all.found())
        .failures(all.failures())
        .build();
  }

  ListServicesResponse list(Call call, ListServicesRequest in) {
    List<String> arns =
        platform
            .store()
            .read(
                tx -> {
                  Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
                  return services.all(tx, call.scope(), cluster.clusterName());
                })
            .stream()
            .filter(s -> !s.status().equals("INACTIVE"))
            .filter(
                s -> in.launchType() == null || in.launchType().equals(s.service().launchType()))
            .filter(
                s ->
                    in.schedulingStrategy() == null
                        || in.schedulingStrategy().equals(s.service().schedulingStrategy()))
            .map(s -> s.service().serviceArn())
            .toList();
    var page = Lookup.page(arns, in.nextToken(), in.maxResults(), 10);
    return ListServicesResponse.builder()
        .serviceArns(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  DeleteServiceResponse delete(Call call, DeleteServiceRequest in) {
    dev.freeway.ecs.api.Service after =
        platform
            .store()
            .write(
                tx -> {
                  Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
                  StoredService s =
                      services.require(tx, call.scope(), cluster.clusterName(), in.service());
                  if (!s.keepsItself()
                      && !sets.all(tx, s).isEmpty()
                      && !Boolean.TRUE.equals(in.force())) {
                    throw EcsErrors.invalidParameterException(
                        "The service cannot be stopped while it has task sets.");
                  }
                  if (s.desired() > 0 && !s.isDaemon() && !Boolean.TRUE.equals(in.force())) {
                    throw EcsErrors.invalidParameterException(
                        "The service cannot be stopped while it is scaled above 0.");
                  }
                  StoredService draining =
                      s.with(s.service().toBuilder().status("DRAINING").desiredCount(0).build());
                  services.saveAndWake(tx, draining);
                  return views.view(tx, draining, true);
                });
    return DeleteServiceResponse.builder().service(after).build();
  }
}
