package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.DESCRIBE_SERVICES;
import static dev.freeway.ecs.api.EcsApi.DESCRIBE_TASK_DEFINITION;
import static dev.freeway.ecs.api.EcsApi.REGISTER_TASK_DEFINITION;
import static dev.freeway.ecs.api.EcsApi.UPDATE_SERVICE;

import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.ecs.api.Deployment;
import dev.freeway.ecs.api.DescribeServicesResponse;
import dev.freeway.ecs.api.DescribeTaskDefinitionResponse;
import dev.freeway.ecs.api.EcsApi;
import dev.freeway.ecs.api.RegisterTaskDefinitionResponse;
import dev.freeway.ecs.api.ServiceEvent;
import dev.freeway.ecs.api.TaskDefinition;
import dev.freeway.ecs.api.UpdateServiceResponse;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import java.util.ArrayList;
import java.util.List;

/// One service of one container `web`, whose deployments go as the test says.
public final class FakeEcs implements Service {
  public final List<Deployment> deployments = new ArrayList<>();
  public final List<ServiceEvent> events = new ArrayList<>();
  private final Platform platform;

  /// What was registered, in order.
  public final List<String> images = new ArrayList<>();

  private int revision = 1;

  public FakeEcs(Platform platform) {
    this.platform = platform;
    deployments.add(deployment(1));
  }

  private static String definition(int number) {
    return "arn:aws:ecs:us-east-1:000000000000:task-definition/web:" + number;
  }

  private static Deployment deployment(int number) {
    return Deployment.builder()
        .id("ecs-svc/" + number)
        .status("PRIMARY")
        .rolloutState("IN_PROGRESS")
        .taskDefinition(definition(number))
        .build();
  }

  /// Says what the service's event log says; the newest comes first.
  public void tell(String message) {
    events.addFirst(
        ServiceEvent.builder()
            .id("e" + events.size())
            .createdAt(platform.clock().instant())
            .message(message)
            .build());
  }

  private dev.freeway.ecs.api.Service service() {
    return dev.freeway.ecs.api.Service.builder()
        .serviceName("web")
        .taskDefinition(deployments.getFirst().taskDefinition())
        .deployments(List.copyOf(deployments))
        .events(List.copyOf(events))
        .build();
  }

  private static TaskDefinition taskDefinition(String arn) {
    return TaskDefinition.builder()
        .taskDefinitionArn(arn)
        .family("web")
        .containerDefinitions(List.of(ContainerDefinition.builder().name("web").build()))
        .build();
  }

  @Override
  public ServiceInfo info() {
    return EcsApi.INFO;
  }

  @Override
  public ServiceModel model() {
    return EcsApi.model();
  }

  @Override
  public void define(Operations on) {
    on.on(
        DESCRIBE_SERVICES,
        (_, _) -> DescribeServicesResponse.builder().services(List.of(service())).build());
    on.on(
        DESCRIBE_TASK_DEFINITION,
        (_, in) ->
            DescribeTaskDefinitionResponse.builder()
                .taskDefinition(taskDefinition(in.taskDefinition()))
                .build());
    on.on(
        REGISTER_TASK_DEFINITION,
        (_, in) -> {
          images.add(String.valueOf(in.containerDefinitions().getFirst().image()));
          return RegisterTaskDefinitionResponse.builder()
              .taskDefinition(taskDefinition(definition(++revision)))
              .build();
        });
    on.on(
        UPDATE_SERVICE,
        (_, _) -> {
          deployments.addFirst(deployment(revision));
          return UpdateServiceResponse.builder().service(service()).build();
        });
  }
}
