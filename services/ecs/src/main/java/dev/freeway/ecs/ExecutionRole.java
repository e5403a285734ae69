package dev.freeway.ecs;

import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.ecs.api.Secret;
import dev.freeway.ecs.uses.sts.AssumeRoleRequest;
import dev.freeway.ecs.uses.sts.StsApi;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Authorizer;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.platform.ServiceRole;
import dev.freeway.wire.AwsException;
import java.util.Arrays;
import java.util.List;

/// What a task's execution role must be allowed before its containers start, asked where policies
/// are enforced: images of ECR, streams for logs, secrets, files of variables. Source: "Amazon ECS
/// task execution IAM role" in the ECS Developer Guide.
final class ExecutionRole {
  private static final String REGISTRY =
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ";
  private static final String LOGS =
      "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ";

  private static final String FILES =
      "ResourceInitializationError: failed to download env files: file download command: non empty error stream: ";

  private final Platform platform;

  ExecutionRole(Platform platform) {
    this.platform = platform;
  }

  /// Throws what stops a task whose role may not.
  void check(StoredTask task) throws StartFailure {
    String arn = task.definition().executionRoleArn();
    if (arn == null || platform.authorizer().get() == Authorizer.PERMIT_ALL) {
      return;
    }
    Call call = platform.background(task.scope(), "ecs-tasks");
    var assume = AssumeRoleRequest.builder().roleArn(arn).roleSessionName(task.id()).build();
    step(REGISTRY, () -> platform.clients().call(call, StsApi.ASSUME_ROLE, assume));
    ServiceRole role = ServiceRole.of(platform, call, arn, task.id());
    for (ContainerDefinition c : task.definition().containerDefinitions()) {
      step(REGISTRY, () -> image(role, c));
      step(REGISTRY, () -> secrets(role, task.scope(), c));
      step(FILES, () -> files(role, c));
      step(LOGS, () -> logs(role, task, c));
    }
  }

  private static void step(String failure, Runnable ask) throws StartFailure {
    try {
      ask.run();
    } catch (AwsException e) {
      throw new StartFailure(failure + e.code() + ": " + e.message());
    }
  }

  private static void image(ServiceRole role, ContainerDefinition c) {
    ImageReferences.repository(c.image())
        .ifPresent(
            repository -> {
              role.need("ecr:GetAuthorizationToken", "*");
              role.need("ecr:BatchGetImage", repository);
              role.need("ecr:GetDownloadUrlForLayer", repository);
            });
  }

  private static void secrets(ServiceRole role, Scope scope, ContainerDefinition c) {
    for (Secret s : c.secrets() == null ? List.<Secret>of() : c.secrets()) {
      String from = s.valueFrom();
      if (Arn.parse(from).filter(a -> a.service().equals("secretsmanager")).isPresent()) {
        String[] parts = from.split(":", -1);
        String id = String.join(":", Arrays.copyOf(parts, Math.min(7, parts.length)));
        role.need("secretsmanager:GetSecretValue", id);
      } else {
        String name = from.startsWith("/") ? from.substring(1) : from;
        String parameter =
            from.startsWith("arn:") ? from : scope.arn("ssm", "parameter/" + name).toString();
        role.need("ssm:GetParameters", parameter);
      }
    }
  }

  private static void files(ServiceRole role, ContainerDefinition c) {
    EnvironmentFiles.files(c).forEach(f -> role.need("s3:GetObject", f.value()));
  }

  private static void logs(ServiceRole role, StoredTask task, ContainerDefinition c) {
    TaskLogs.Destination.of(task, c)
        .ifPresent(
            to -> {
              LogSink.Stream s = to.stream();
              String group = s.scope().arn("logs", "log-group:" + s.group()).toString();
              if (to.createGroup()) {
                role.need("logs:CreateLogGroup", group);
              }
              role.need("logs:CreateLogStream", group + ":log-stream:" + s.name());
              role.need("logs:PutLogEvents", group + ":log-stream:" + s.name());
            });
  }
}
