package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.uses.ecs.ContainerDefinition;
import dev.freeway.codepipeline.uses.ecs.Deployment;
import dev.freeway.codepipeline.uses.ecs.DescribeServicesRequest;
import dev.freeway.codepipeline.uses.ecs.DescribeTaskDefinitionRequest;
import dev.freeway.codepipeline.uses.ecs.EcsApi;
import dev.freeway.codepipeline.uses.ecs.RegisterTaskDefinitionRequest;
import dev.freeway.codepipeline.uses.ecs.Service;
import dev.freeway.codepipeline.uses.ecs.ServiceEvent;
import dev.freeway.codepipeline.uses.ecs.TaskDefinition;
import dev.freeway.codepipeline.uses.ecs.UpdateServiceRequest;
import dev.freeway.platform.Clients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Deploy/ECS: a rolling deployment of the images that `imagedefinitions.json` names.
final class EcsDeploy implements ActionProvider {
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Clients clients;
  private final ArtifactFiles files;
  private final ImagePins pins;

  EcsDeploy(Clients clients, ArtifactFiles files, ImagePins pins) {
    this.clients = clients;
    this.files = files;
    this.pins = pins;
  }

  @Override
  public String type() {
    return "Deploy/ECS";
  }

  @Override
  public List<String> problems(ActionDeclaration action) {
    return Required.of(action, "ClusterName", "ServiceName");
  }

  @Override
  public List<Permission> permissions(Job job) {
    String cluster = job.config("ClusterName", "");
    String service = "service/" + cluster + "/" + job.config("ServiceName", "");
    List<Permission> all =
        new ArrayList<>(
            Permission.of(job.arn("ecs", service), "ecs:DescribeServices", "ecs:UpdateService"));
    all.addAll(Permission.of("*", "ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"));
    Service current = service(job);
    if (current != null) {
      TaskDefinition definition = definition(job, current.taskDefinition());
      Stream.of(definition.taskRoleArn(), definition.executionRoleArn())
          .filter(Objects::nonNull)
          .forEach(role -> all.add(Permission.pass(role, "ecs-tasks.amazonaws.com")));
    }
    return all;
  }

  @Override
  public Progress step(Job job) {
    String taskDefinition = job.run().memo().get("taskDefinition");
    if (taskDefinition == null) {
      return register(job);
    }
    String deployment = job.run().memo().get("deployment");
    return deployment == null ? update(job, taskDefinition) : look(job, taskDefinition, deployment);
  }

  // Registered and noted before the service is touched: a crash in between registers one revision
  // more, no harm.
  private Progress register(Job job) {
    String file = job.config("FileName", "imagedefinitions.json");
    byte[] content = files.read(job.call(), job.run().inputs().getFirst(), file);
    if (content == null) {
      return Progress.Failed.configuration(
          "Unable to access the artifact with Amazon S3 object key '"
              + job.run().inputs().getFirst().key()
              + "': it has no file "
              + file);
    }
    Map<String, String> images;
    try {
      images = images(content);
    } catch (JacksonException | IllegalArgumentException e) {
      return Progress.Failed.configuration(
          "The image definition file " + file + " contains invalid JSON: " + e.getMessage());
    }
    Service service = service(job);
    if (service == null) {
      return missing(job);
    }
    TaskDefinition current = definition(job, service.taskDefinition());
    List<ContainerDefinition> containers = new ArrayList<>();
    for (ContainerDefinition c : current.containerDefinitions()) {
      String image = images.remove(c.name());
      containers.add(image == null ? c : c.toBuilder().image(pins.pinned(job, image)).build());
    }
    if (!images.isEmpty()) {
      return Progress.Failed.configuration(
          "The AWS ECS container " + images.keySet().iterator().next() + " does not exist");
    }
    TaskDefinition next =
        clients
            .call(job.call(), EcsApi.REGISTER_TASK_DEFINITION, registration(current, containers))
            .taskDefinition();
    return Progress.Running.with(Map.of("taskDefinition", next.taskDefinitionArn()), Duration.ZERO);
  }

  private static Map<String, String> images(byte[] json) {
    Map<String, String> images = new LinkedHashMap<>();
    for (JsonNode n : JsonMapper.shared().readTree(json)) {
      if (n.get("name") == null || n.get("imageUri") == null) {
        throw new IllegalArgumentException("every element needs name and imageUri");
      }
      images.put(n.get("name").asString(), n.get("imageUri").asString());
    }
    return images;
  }

  private static RegisterTaskDefinitionRequest registration(
      TaskDefinition t, List<ContainerDefinition> containers) {
    return RegisterTaskDefinitionRequest.builder()
        .family(t.family())
        .taskRoleArn(t.taskRoleArn())
        .executionRoleArn(t.executionRoleArn())
        .networkMode(t.networkMode())
        .containerDefinitions(containers)
        .volumes(t.volumes())
        .placementConstraints(t.placementConstraints())
        .requiresCompatibilities(t.requiresCompatibilities())
        .cpu(t.cpu())
        .memory(t.memory())
        .pidMode(t.pidMode())
        .ipcMode(t.ipcMode())
        .proxyConfiguration(t.proxyConfiguration())
        .ephemeralStorage(t.ephemeralStorage())
        .runtimePlatform(t.runtimePlatform())
        .build();
  }

  private Progress update(Job job, String taskDefinition) {
    var update =
        UpdateServiceRequest.builder()
            .cluster(job.config("ClusterName"))
            .service(job.config("ServiceName"))
            .taskDefinition(taskDefinition)
            .build();
    Service service = clients.call(job.call(), EcsApi.UPDATE_SERVICE, update).service();
    Deployment ours =
        service.deployments().stream()
            .filter(d -> d.taskDefinition().equals(taskDefinition))
            .findFirst()
            .orElseThrow();
    return new Progress.Running(
        Map.of("taskDefinition", taskDefinition, "deployment", ours.id()),
        ours.id(),
        null,
        "Deployment in progress to service " + job.config("ServiceName"),
        null,
        LOOK);
  }

  private Progress look(Job job, String taskDefinition, String deployment) {
    Service service = service(job);
    if (service == null) {
      return missing(job);
    }
    Deployment ours =
        service.deployments().stream()
            .filter(d -> d.id().equals(deployment))
            .findFirst()
            .orElse(null);
    if (ours == null) {
      return gone(service, deployment);
    }
    return switch (String.valueOf(ours.rolloutState())) {
      case "COMPLETED" ->
          new Progress.Succeeded(
              List.of(),
              Map.of(),
              deployment,
              "Deployment of " + taskDefinition + " completed",
              null);
      case "FAILED" ->
          Progress.Failed.job("Deployment " + deployment + " failed: " + ours.rolloutStateReason());
      default ->
          new Progress.Running(
              job.run().memo(), deployment, null, ours.rolloutStateReason(), null, LOOK);
    };
  }

  // A deployment that failed and was rolled back is not described any more: the service's events
  // tell what became of it.
  private static Progress gone(Service service, String deployment) {
    List<ServiceEvent> events = service.events() == null ? List.of() : service.events();
    for (ServiceEvent e : events) {
      String message = String.valueOf(e.message());
      if (message.contains(deployment + ")") && message.contains("deployment failed")) {
        return Progress.Failed.job(message);
      }
    }
    return Progress.Failed.job(
        "Deployment " + deployment + " was replaced by another before it completed");
  }

  private static Progress missing(Job job) {
    return Progress.Failed.configuration(
        "The ECS service "
            + job.config("ServiceName")
            + " was not found in cluster "
            + job.config("ClusterName"));
  }

  private @org.jspecify.annotations.Nullable Service service(Job job) {
    var ask =
        DescribeServicesRequest.builder()
            .cluster(job.config("ClusterName"))
            .services(List.of(job.config("ServiceName", "")))
            .build();
    List<Service> found = clients.call(job.call(), EcsApi.DESCRIBE_SERVICES, ask).services();
    return found == null || found.isEmpty() ? null : found.getFirst();
  }

  private TaskDefinition definition(Job job, String arn) {
    var ask = DescribeTaskDefinitionRequest.builder().taskDefinition(arn).build();
    return clients.call(job.call(), EcsApi.DESCRIBE_TASK_DEFINITION, ask).taskDefinition();
  }
}
