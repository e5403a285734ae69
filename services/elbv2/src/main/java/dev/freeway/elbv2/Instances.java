package dev.freeway.elbv2;

import dev.freeway.elbv2.api.Elbv2Errors;
import dev.freeway.elbv2.uses.ecs.DescribeContainerInstancesRequest;
import dev.freeway.elbv2.uses.ecs.EcsApi;
import dev.freeway.elbv2.uses.ecs.ListClustersRequest;
import dev.freeway.elbv2.uses.ecs.ListContainerInstancesRequest;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The instances there are: the ones that ECS clusters have as container instances. All of them are
/// this machine.
final class Instances {
  private static final Pattern ID = Pattern.compile("i-[0-9a-f]{8,17}");

  private final Clients clients;

  Instances(Clients clients) {
    this.clients = clients;
  }

  void require(Call call, List<String> ids) {
    for (String id : ids) {
      if (!ID.matcher(id).matches()) {
        throw Attributes.invalid("Instance ID '" + id + "' is not valid");
      }
    }
    Set<String> unknown = new HashSet<>(ids);
    String next = null;
    do {
      var page =
          clients.call(
              call, EcsApi.LIST_CLUSTERS, ListClustersRequest.builder().nextToken(next).build());
      page.clusterArns().forEach(c -> unknown.removeAll(ofCluster(call, c)));
      next = page.nextToken();
    } while (next != null && !unknown.isEmpty());
    if (!unknown.isEmpty()) {
      throw Elbv2Errors.invalidTargetException(
          "The following targets are not in a running state and cannot be registered: '"
              + String.join("', '", unknown)
              + "'");
    }
  }

  private Set<String> ofCluster(Call call, String cluster) {
    Set<String> ids = new HashSet<>();
    @Nullable String next = null;
    do {
      var page =
          clients.call(
              call,
              EcsApi.LIST_CONTAINER_INSTANCES,
              ListContainerInstancesRequest.builder().cluster(cluster).nextToken(next).build());
      if (!page.containerInstanceArns().isEmpty()) {
        clients
            .call(
                call,
                EcsApi.DESCRIBE_CONTAINER_INSTANCES,
                DescribeContainerInstancesRequest.builder()
                    .cluster(cluster)
                    .containerInstances(page.containerInstanceArns())
                    .build())
            .containerInstances()
            .forEach(i -> ids.add(i.ec2InstanceId()));
      }
      next = page.nextToken();
    } while (next != null);
    return ids;
  }
}
